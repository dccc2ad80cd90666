/** How the client handles everything that a host can do to a request. */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { settle } from "@potstats/cli/testing/settle";
import { gzipSync } from "node:zlib";
import { ForumRefusesError, ForumUnreachableError, UnreadableError } from "./errors.ts";
import { type Forum, openForum } from "./client.ts";
import { Politeness } from "./politeness.ts";
import { retryAfter } from "./request.ts";
import type { Patience } from "./retry.ts";

const good = '<?xml version="1.0" encoding="utf-8" ?>\n<no-access />';
type Answer = string | Response | ((request: Request) => Response | Promise<Response>);

let answers: Answer[];
let starts_ms: number[];
let notes: string[];
let stop: AbortController;
let server: ReturnType<typeof Bun.serve>;

beforeEach(() => {
  answers = [];
  starts_ms = [];
  notes = [];
  stop = new AbortController();
  server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: async (request) => {
      starts_ms.push(performance.now());
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      if (typeof answer === "function") return answer(request);
      return answer instanceof Response ? answer.clone() : new Response(answer ?? good);
    },
  });
});
afterEach(() => server.stop(true));

function open(
  more: { delay_ms?: number; concurrency?: number; patience?: Partial<Patience>; forumUrl?: string } = {},
): Forum {
  const forumUrl = more.forumUrl ?? server.url.origin;
  return openForum({
    forumUrl,
    profilesUrl: forumUrl,
    delay_ms: more.delay_ms ?? 0,
    concurrency: more.concurrency ?? 2,
    patience: { attempts: 3, base_ms: 2, cap_ms: 10, timeout_ms: 1000, pause_ms: 5, ...more.patience },
    signal: stop.signal,
    note: (message) => notes.push(message),
  });
}

const status = (code: number, headers: Record<string, string> = {}) => new Response("", { status: code, headers });

describe("the client retries after", () => {
  test.each([
    ["429", status(429)],
    ["500", status(500)],
    ["503 with Retry-After", status(503, { "retry-after": "0" })],
    ["an empty body", ""],
    ["an HTML page with status 200", "<!DOCTYPE html><html><body>Wartung</body></html>"],
    ["truncated XML", good.slice(0, -4)],
    ["crossed tags", "<a><b></a></b>"],
    ["an entity bomb", '<!DOCTYPE a [<!ENTITY b "bbbb">]><a>&b;</a>'],
    ["bytes that claim to be compressed", () => new Response(new Uint8Array([0x1f, 0x8b, 1, 2, 3]))],
  ] as [string, Answer][])("%s", async (_, bad) => {
    answers = [bad, good];
    const forum = open();
    expect(await forum.board(1, 1)).toEqual({ kind: "refusal", root: "no-access" });
    expect(forum.traffic).toMatchObject({ num_api_requests: 2, retries: 1 });
  });

  test.each([
    ["429", status(429)],
    ["500", status(500)],
    ["bytes that claim to be compressed", () => new Response(new Uint8Array([0x1f, 0x8b, 1, 2, 3]))],
  ] as [string, Answer][])("%s, up to the number of attempts", async (_, bad) => {
    answers = [bad, bad, good];
    expect(await open().board(1, 1)).toMatchObject({ root: "no-access" });
    expect(starts_ms).toHaveLength(3);
  });

  test("a document truncated at a different byte each time, up to the number of attempts", async () => {
    answers = [good.slice(0, -4), good.slice(0, -7), good];
    expect(await open().board(1, 1)).toMatchObject({ root: "no-access" });
    expect(starts_ms).toHaveLength(3);
  });

  test("a broken connection", async () => {
    let tries = 0;
    const raw = Bun.listen({
      port: 0,
      hostname: "127.0.0.1",
      socket: {
        data(socket) {
          tries++;
          if (tries === 1) return void socket.terminate();
          const body = tries === 2 ? good.slice(0, 20) : good;
          socket.end(`HTTP/1.1 200 OK\r\nContent-Length: ${good.length}\r\nConnection: close\r\n\r\n${body}`);
        },
      },
    });
    try {
      const forum = open({ forumUrl: `http://127.0.0.1:${raw.port}` });
      expect(await forum.board(1, 1)).toMatchObject({ root: "no-access" });
      expect(tries).toBe(3);
    } finally {
      raw.stop(true);
    }
  });

  test("a timeout", async () => {
    answers = [() => Bun.sleep(400).then(() => new Response(good)), good];
    expect(await open({ patience: { timeout_ms: 100 } }).board(1, 1)).toMatchObject({ root: "no-access" });
  });
});

describe("one document fails with", () => {
  const failure = async (answer: Answer, before: Answer[] = []): Promise<UnreadableError> => {
    answers = [...before, answer];
    try {
      await open().thread(7, { page: 3 });
    } catch (error) {
      if (error instanceof UnreadableError) return error;
      throw error;
    }
    throw new Error("it was readable");
  };
  test("404, immediately", async () => {
    expect((await failure(status(404))).message).toBe("thread 7, page 3: status 404");
    expect(starts_ms).toHaveLength(1);
  });
  test.each([
    ["an HTML page", "<html><body>Wartung</body></html>"],
    ["JSON", '{"error":"später"}'],
    ["nothing", ""],
    ["a thread without its posts", "<thread  id='7'><title></title></thread>"],
    ["a document truncated at the same byte", `<?xml version="1.0"?><thread  id='7'><posts>`],
  ])("%s, after two attempts", async (_, answer) => {
    expect((await failure(answer)).message).toContain(", tried 2 times");
    expect(starts_ms).toHaveLength(2);
  });
  test("a document that remains broken, whose bytes are kept", async () => {
    const error = await failure("<thread  id='7'><posts>");
    expect(error.message).toContain(", tried 2 times");
    expect(new TextDecoder().decode(error.bytes ?? new Uint8Array())).toBe("<thread  id='7'><posts>");
  });
  test("an oversized document, which is not read to its end", async () => {
    let sent_bytes = 0;
    const chunk = new Uint8Array(1 << 20).fill(0x20);
    const endless = () =>
      new Response(
        new ReadableStream({
          pull(controller) {
            sent_bytes += chunk.length;
            if (sent_bytes > 600 << 20) controller.close();
            else controller.enqueue(chunk);
          },
        }),
      );
    expect((await failure(endless)).message).toContain("more than");
    expect(sent_bytes).toBeLessThan(300 << 20);
  });
  test("a small document that decompresses to an oversized one", async () => {
    const bomb = gzipSync(Buffer.alloc(64 << 20));
    expect((await failure(() => new Response(bomb))).message).toContain("when unpacked");
  });
  test.each([
    ["another port", () => `http://127.0.0.1:${(server.port ?? 0) + 1}/`],
    ["another host with credentials", () => `http://u:p@elsewhere.invalid:${server.port}/`],
    ["a file", () => "file:///etc/passwd"],
    ["https on the port of http", () => `https://127.0.0.1:${server.port}/`],
  ])("a redirect to %s", async (_, location) => {
    const error = await failure(() => status(302, { location: location() }));
    expect(error.message).toContain("redirected to another host");
    expect(starts_ms).toHaveLength(1);
  });
  test("a redirect to another host", async () => {
    expect((await failure(status(302, { location: "http://elsewhere.invalid/" }))).message).toContain("another host");
  });
  test("a redirect loop", async () => {
    expect((await failure(status(302, { location: "/bb/xml/thread.php" }))).message).toContain("in circles");
  });
});

test("a redirect within the host is followed", async () => {
  answers = [status(301, { location: "/elsewhere" }), good];
  expect(await open().board(1, 1)).toMatchObject({ root: "no-access" });
});

test("compressed responses are decompressed, and their compressed size is counted", async () => {
  const body = `<board  id="1"><name>${"x".repeat(5000)}</name><threads page="1"></threads></board>`;
  const packed = gzipSync(body);
  answers = [() => new Response(packed, { headers: { "content-encoding": "gzip" } })];
  const forum = open();
  expect(await forum.board(1, 1)).toMatchObject({ kind: "board", bid: 1 });
  expect(forum.traffic.rx_bytes).toBe(packed.length);
});

test("documents are decoded as UTF-8 whatever charset the header names", async () => {
  answers = [
    () =>
      new Response(
        `<board  id="1"><threads page="1"><thread id="2"><title><![CDATA[Größe]]></title></thread></threads></board>`,
        {
          headers: { "content-type": "text/xml; charset=iso-8859-1" },
        },
      ),
  ];
  expect(await open().board(1, 1)).toMatchObject({ threads: [{ title: "Größe" }] });
});

describe("politeness", () => {
  test("the delay applies between the starts of requests at any concurrency", async () => {
    answers = [() => Bun.sleep(30).then(() => new Response(good))];
    const forum = open({ delay_ms: 25, concurrency: 4 });
    await Promise.all(Array.from({ length: 8 }, (_, page) => forum.board(1, page)));
    // On a busy machine, the server may see several requests at once: their starts are measured below.
    expect((starts_ms.at(-1) ?? 0) - (starts_ms[0] ?? 0)).toBeGreaterThan(7 * 25 - 10);
  });

  test("turns are apart by the delay", async () => {
    const politeness = new Politeness(25, 4);
    const turns_ms: number[] = [];
    const { signal } = new AbortController();
    const take = () => politeness.turn(signal).then(() => turns_ms.push(performance.now()));
    await Promise.all(Array.from({ length: 8 }, take));
    const gaps = turns_ms.slice(1).map((turn, index) => turn - (turns_ms[index] ?? 0));
    expect(gaps).toHaveLength(7);
    expect(Math.min(...gaps)).toBeGreaterThan(20);
  });

  test("the number of concurrent requests is limited", async () => {
    let now = 0;
    let most = 0;
    answers = [
      async () => {
        most = Math.max(most, ++now);
        await Bun.sleep(5);
        now--;
        return new Response(good);
      },
    ];
    const forum = open({ concurrency: 3 });
    await Promise.all(Array.from({ length: 12 }, (_, page) => forum.board(1, page)));
    expect(most).toBe(3);
  });

  test("Retry-After delays all requests", async () => {
    answers = [status(429, { "retry-after": "1" }), good];
    const forum = open({ concurrency: 1 });
    await Promise.all([forum.board(1, 1), forum.board(1, 2)]);
    expect((starts_ms[1] ?? 0) - (starts_ms[0] ?? 0)).toBeGreaterThan(990);
  });

  test("Retry-After is read in seconds and as a date", () => {
    expect(retryAfter("3")).toBe(3000);
    expect(retryAfter("Thu, 01 Jan 1970 00:01:00 GMT", 50_000)).toBe(10_000);
    expect(retryAfter("Thu, 01 Jan 1970 00:01:00 GMT", 90_000)).toBe(0);
    expect(retryAfter("999999999")).toBe(3_600_000);
    expect(retryAfter("bald")).toBeNull();
    expect(retryAfter(null)).toBeNull();
  });
});

describe("a refusal", () => {
  const refusals: [string, () => Response][] = [
    ["403", () => status(403)],
    ["404", () => status(404)],
    ["401", () => status(401)],
    ["451", () => status(451)],
    ["an HTML page", () => new Response(`<html><body>Are you a robot? ${crypto.randomUUID()}</body></html>`)],
    ["a redirect to a login page", () => status(302, { location: "http://login.invalid/" })],
    ["JSON", () => new Response('{"error":"forbidden"}')],
    ["nothing", () => new Response("")],
    ["another root", () => new Response("<wartung />")],
    ["a cut", () => new Response('<?xml version="1.0"?><thread  id="7"><posts>')],
  ];
  const tidOf = (request: Request) => Number(new URL(request.url).searchParams.get("TID"));
  const page = (tid: number) => `<thread  id="${tid}"><title></title><posts page="1"></posts></thread>`;

  test.each(refusals)("by %s after a while is waited for, then ends the run", async (_, refusal) => {
    const forum = open();
    answers = [page(1)];
    await forum.thread(1, { page: 1 });
    answers = [refusal];
    const all = await Promise.allSettled([2, 3, 4, 5, 6, 7, 8].map((tid) => forum.thread(tid, { page: 1 })));
    for (const one of all) expect(one).toMatchObject({ status: "rejected", reason: { name: "ForumRefusesError" } });
    expect(notes.filter((note) => note.includes("refuses threads")).length).toBeGreaterThan(1);
    // Seven documents requested twice at most, the control, and what is requested between waits.
    expect(starts_ms.length).toBeLessThanOrEqual(1 + 7 * 2 + 1 + 4);
  });

  test.each(refusals)("by %s from the start is detected at the fifth document in a row", async (_, refusal) => {
    answers = [refusal];
    const forum = open({ concurrency: 1 });
    const ends: string[] = [];
    for (let tid = 1; tid <= 6; tid++)
      ends.push(
        await forum.thread(tid, { page: 1 }).then(
          () => "read",
          (error: Error) => error.name,
        ),
      );
    expect(ends.slice(0, 4)).not.toContain("ForumRefusesError");
    expect(ends.slice(4)).toEqual(["ForumRefusesError", "ForumRefusesError"]);
  });

  test.each(refusals)("by %s for a while loses nothing", async (_, refusal) => {
    const forum = open({ patience: { base_ms: 20, cap_ms: 40 } });
    answers = [page(1)];
    await forum.thread(1, { page: 1 });
    answers = [() => (notes.length < 2 ? refusal() : new Response(good))];
    const all = await Promise.all([2, 3, 4, 5, 6, 7].map((tid) => forum.thread(tid, { page: 1 })));
    expect(all.map((document) => document.kind)).toEqual(Array.from({ length: 6 }, () => "refusal"));
    expect(notes.at(-1)).toContain("answers again");
  });

  test("by status 500 for threads only ends the run", async () => {
    const forum = open();
    answers = [page(1)];
    await forum.thread(1, { page: 1 });
    answers = [(request) => (request.url.includes("boards.php") ? new Response(good) : status(500))];
    expect(await settle(forum.thread(2, { page: 1 }))).toThrow("refuses threads");
  });

  test("by 403, 429 and 503 in turn ends the run", async () => {
    const forum = open();
    answers = [page(1)];
    await forum.thread(1, { page: 1 });
    let turn = 0;
    answers = [() => status([403, 429, 503][turn++ % 3] ?? 403)];
    expect(await settle(forum.thread(2, { page: 1 }))).toThrow(ForumRefusesError);
  });

  test("of single documents, however many, does not end the run", async () => {
    const forum = openForum({
      forumUrl: server.url.origin,
      profilesUrl: server.url.origin,
      delay_ms: 0,
      concurrency: 2,
      patience: { attempts: 3, base_ms: 2, pause_ms: 5 },
      signal: stop.signal,
      note: (message) => notes.push(message),
      knownThreads: async () => [{ tid: 100, last_pid: 1 }],
    });
    answers = [(request) => (tidOf(request) < 100 ? status(403) : new Response(page(tidOf(request))))];
    for (let tid = 1; tid <= 12; tid++)
      expect(await settle(forum.thread(tid, { page: 1 }))).toThrow(`thread ${tid}, page 1: status 403`);
    expect(await forum.thread(101, { page: 1 })).toMatchObject({ kind: "thread" });
    expect(notes).toEqual([]);
  });

  test("of one part ends all requests for that part", async () => {
    answers = [
      (request) =>
        new URL(request.url).pathname === "/bb/thread.php" ? status(403) : new Response(page(tidOf(request))),
    ];
    const forum = open();
    for (let tid = 1; tid <= 9; tid++) {
      await forum.thread(tid, { page: 1 });
      await forum.tags(tid).catch(() => {});
    }
    // Five pages of tags, each with a control, and four waits.
    expect(starts_ms.length).toBeLessThanOrEqual(9 + 2 * 5 + 4);
    expect(await settle(forum.tags(10))).toThrow("refuses tags");
    expect(await forum.thread(11, { page: 1 })).toMatchObject({ kind: "thread" });
  });

  test("that has just ended makes a document that failed meanwhile be requested again", async () => {
    const [secondTry, refusalEnded] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let [lateTries, refusedLeft] = [0, 0];
    answers = [
      async (request) => {
        const tid = tidOf(request);
        if (tid === 2 && ++lateTries <= 2) {
          // Its second answer is on its way while everything else is refused.
          if (lateTries === 2) {
            secondTry.resolve();
            await refusalEnded.promise;
          }
          return status(403);
        }
        if (tid === 3 && !notes.some((note) => note.includes("answers again")) && refusedLeft === 0) refusedLeft = 3;
        return refusedLeft > 0 && refusedLeft-- > 0 ? status(403) : new Response(page(tid));
      },
    ];
    const forum = open();
    await forum.thread(1, { page: 1 });
    const late = forum.thread(2, { page: 1 });
    await secondTry.promise;
    await forum.thread(3, { page: 1 });
    expect(notes.at(-1)).toContain("answers again");
    refusalEnded.resolve();
    expect(await late).toMatchObject({ kind: "thread" });
  });
});

describe("an interrupt ends a wait at once", () => {
  test.each([
    ["for Retry-After", status(429, { "retry-after": "3600" })],
    ["for a response", () => new Promise<Response>(() => {})],
    ["for a refusal to end", status(403)],
  ] as [string, Answer][])(
    "%s",
    async (_, answer) => {
      const forum = open({ patience: { base_ms: 100_000, cap_ms: 100_000, timeout_ms: 100_000, pause_ms: 100_000 } });
      answers = ['<thread  id="1"><posts page="1"></posts></thread>'];
      await forum.thread(1, { page: 1 });
      answers = [answer];
      const waiting = Promise.all([2, 3, 4].map((tid) => forum.thread(tid, { page: 1 })));
      setTimeout(() => stop.abort(new Error("genug")), 50);
      expect(await settle(waiting)).toThrow("genug");
    },
    15_000,
  );
});

describe("a forum that is down", () => {
  test("ends a run that never reached it", async () => {
    await server.stop(true);
    expect(await settle(open().board(1, 1))).toThrow(ForumUnreachableError);
  });

  test("is waited for, with a note, if it has answered before", async () => {
    const forum = open();
    await forum.board(1, 1);
    const { port } = server;
    await server.stop(true);
    const waiting = Promise.all([forum.board(1, 2), forum.board(1, 3)]);
    await Bun.sleep(60);
    server = Bun.serve({ port: port ?? 0, hostname: "127.0.0.1", fetch: () => new Response(good) });
    expect(await waiting).toHaveLength(2);
    expect(notes.filter((note) => note.includes("does not answer")).length).toBeGreaterThan(0);
    expect(notes.at(-1)).toContain("answers again");
  });

  test("does not count as down because one document always fails", async () => {
    answers = [good];
    const forum = open();
    await forum.board(1, 1);
    answers = [status(500), status(500), status(500), good];
    expect(await settle(forum.thread(7, { page: 1 }))).toThrow("thread 7, page 1: status 500, tried 3 times");
    expect(notes).toEqual([]);
  });

  test("is waited for while it sends forum-offline", async () => {
    answers = ["<forum-offline />", "<forum-offline />", good];
    expect(await open().board(1, 1)).toMatchObject({ root: "no-access" });
    expect(notes).toEqual(["the forum is offline; waiting 1 s", "the forum is offline; waiting 1 s"]);
  });

  test("is no longer waited for after an interrupt", async () => {
    answers = ["<forum-offline />"];
    const waiting = open({ patience: { pause_ms: 60_000 } }).board(1, 1);
    setTimeout(() => stop.abort(new Error("genug")), 20);
    expect(await settle(waiting)).toThrow("genug");
  });
});
