import { describe, expect, test } from "bun:test";
import { BrokenDocumentError, decodeXml, parseForumXml, type ThreadDocument } from "./xml.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const declaration = '<?xml version="1.0" encoding="utf-8" ?>\n';

describe("documents that consist of their root only", () => {
  test.each([
    "invalid-board",
    "invalid-thread",
    "no-access",
    "thread-hidden",
    "not-logged-in",
    "forum-offline",
    "never-seen",
  ])("%s", (root) => expect(parseForumXml(bytes(`${declaration}<${root} />`))).toEqual({ kind: "refusal", root }));
  test("an empty document with a known root is also a refusal", () =>
    expect(parseForumXml(bytes(`${declaration}<thread />`))).toEqual({ kind: "refusal", root: "thread" }));
});

describe("bytes that are not a document", () => {
  test.each([
    ["nothing", ""],
    ["text", "Datenbankfehler"],
    ["an HTML page", "<!DOCTYPE html>\n<html><body>502</body></html>"],
    ["an HTML page without doctype", "<html><body>502</body></html>"],
    ["cut off in a tag", `${declaration}<thread  id="1"><title`],
    ["cut off in CDATA", `${declaration}<thread  id="1"><title><![CDATA[x`],
    ["cut off between elements", `${declaration}<thread  id="1"><posts page="1"></posts>`],
    ["crossed tags", `${declaration}<thread  id="1"><a><b></a></b></thread>`],
    ["two roots", `${declaration}<thread-hidden /><thread-hidden />`],
    ["text after the end", `${declaration}<thread-hidden />x`],
    ["a thread without posts", `${declaration}<thread  id="1"><title></title></thread>`],
    ["a board without threads", `${declaration}<board  id="1"><name></name></board>`],
    [
      "names that are special in JavaScript",
      `${declaration}<thread  id="1"><__proto__>1</__proto__><posts></posts></thread>`,
    ],
    ["endless nesting", `${declaration}<thread  id="1">${"<a>".repeat(10_000)}`],
  ])("%s", (_, text) => expect(() => parseForumXml(bytes(text))).toThrow(BrokenDocumentError));

  test("entity bombs and external entities are refused, not expanded", () => {
    const bomb = `<!DOCTYPE thread [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><thread  id="1"><title>&b;</title><posts></posts></thread>`;
    expect(() => parseForumXml(bytes(declaration + bomb))).toThrow("document type declaration");
    const external = `<!DOCTYPE thread SYSTEM "file:///etc/passwd"><thread  id="1"><posts></posts></thread>`;
    expect(() => parseForumXml(bytes(declaration + external))).toThrow("document type declaration");
  });
});

const thread = (posts: string) =>
  parseForumXml(
    bytes(
      `${declaration}<thread  id="7"><posts page="1" offset="0" count="1">${posts}</posts><in-board id="3" /></thread>`,
    ),
  ) as ThreadDocument;

test("a doctype, tags and entities inside a post are text", () => {
  const content = "<!DOCTYPE x [<!ENTITY a 'b'>]> <b> &a; &#65; > ' \"";
  const { posts } = thread(
    `<post id="9"><message><title></title><content><![CDATA[${content}]]></content></message><user id="2"><![CDATA[a]]></user></post>`,
  );
  expect(posts[0]?.content).toBe(content);
});

test("elements are read by name, in any order", () => {
  const { posts, thread: head } = thread(
    `<post is-hidden="texthidden" id="9"><in-board id="3" /><icon id="28" /><avatar id="5"><![CDATA[./a.gif]]></avatar>` +
      `<message><title><![CDATA[t]]></title><content><![CDATA[c]]></content><edited count="1"><lastedit><date timestamp="12" /><user id="4"><![CDATA[e]]></user></lastedit></edited></message>` +
      `<date timestamp="11">x</date><user group-id="6" id="2"><![CDATA[p]]></user></post>`,
  );
  expect(head.bid).toBe(3);
  expect(posts).toEqual([
    {
      pid: 9,
      poster: { uid: 2, name: "p", gid: 6 },
      timestamp: 11,
      edit_count: 1,
      last_edit: { user: { uid: 4, name: "e", gid: null }, timestamp: 12 },
      is_hidden: true,
      title: "t",
      content: "c",
      avatar: { avid: 5, path: "./a.gif" },
      icon_id: 28,
    },
  ]);
});

test("two CDATA sections are joined into one text", () => {
  const { posts } = thread(`<post id="9"><message><content><![CDATA[a]]]]><![CDATA[>b]]></content></message></post>`);
  expect(posts[0]?.content).toBe("a]]>b");
});

test("ids beyond 2^31 are invalid: the post is skipped or its poster omitted, and both are reported", () => {
  const document = thread(
    `<post id="2147483648"></post><post id="9"><user id="4294967296"><![CDATA[a]]></user><avatar id="99999999999"></avatar></post>`,
  );
  expect(document.posts.map(({ pid, poster, avatar }) => [pid, poster.uid, avatar])).toEqual([[9, null, null]]);
  expect(document.entry_count).toBe(2);
  expect(document.problems).toHaveLength(2);
});

test("an unknown value of is-hidden means hidden, and is reported", () => {
  const document = thread(`<post id="9" is-hidden="vanished"><user id="1"></user></post>`);
  expect(document.posts[0]?.is_hidden).toBe(true);
  expect(document.problems[0]).toContain("vanished");
});

test("characters that XML or PostgreSQL forbid are dropped, and line ends become LF", () => {
  expect(
    decodeXml(new Uint8Array([0xef, 0xbb, 0xbf, 0x61, 0, 0x0b, 0x0d, 0x0a, 0x0d, 0x09, 0xef, 0xbf, 0xbe, 0xfc])),
  ).toBe("a\n\n\t\uFFFD");
});

describe("numbers at the limits, and beyond them", () => {
  const board = (inside: string) => {
    const document = parseForumXml(
      bytes(`${declaration}<board id="3"><threads page="1"><thread id="7">${inside}</thread></threads></board>`),
    );
    if (document.kind !== "board") throw new Error(document.kind);
    return document;
  };
  test.each([
    ["2147483647", 2_147_483_647],
    ["-2147483648", -2_147_483_648],
    ["0", 0],
    ["", null],
  ])("a counter of %p is valid", (value, expected) => {
    const { threads, problems } = board(`<number-of-replies value='${value}' /><number-of-hits value='${value}' />`);
    expect(threads[0]).toMatchObject({ est_number_of_replies: expected, hit_count: expected });
    expect(problems).toEqual([]);
  });
  test.each(["2147483648", "-2147483649", "99999999999999999999", "1e9", "NaN", "viele"])(
    "a counter of %p is unknown and reported",
    (value) => {
      const { threads, problems } = board(`<number-of-replies value='${value}' />`);
      expect(threads[0]?.est_number_of_replies).toBeNull();
      expect(problems).toEqual([`board 3: thread 7: number-of-replies: "${value}" is out of range, left out`]);
    },
  );
  test.each([
    ["253402300799", 253_402_300_799, 0],
    ["253402300800", null, 1],
    ["1500000000000", null, 1],
    ["-1", null, 1],
    ["", null, 0],
  ])("a time of %p", (value, expected, problemCount) => {
    const { posts, problems } = thread(`<post id="9"><user id="1"></user><date timestamp="${value}"></date></post>`);
    expect(posts[0]?.timestamp).toBe(expected);
    expect(problems).toHaveLength(problemCount);
  });
  test("an invalid number of edits counts as none, and is reported", () => {
    const { posts, problems } = thread(
      `<post id="9"><user id="1"></user><message><edited count="4294967296"></edited></message></post>`,
    );
    expect([posts[0]?.edit_count, problems.length]).toEqual([0, 1]);
  });
});

test("problems of a document are reported up to a maximum number and length", () => {
  const document = thread(`<post id="${"9".repeat(1000)}\u009b[2J"></post>`.repeat(5000));
  expect(document.entry_count).toBe(5000);
  expect(document.problems).toHaveLength(21);
  expect(Math.max(...document.problems.map((problem) => problem.length))).toBeLessThan(200);
  const report = (text: string) => {
    try {
      return JSON.stringify(parseForumXml(bytes(declaration + text)));
    } catch (error) {
      return (error as Error).message;
    }
  };
  const long = "x".repeat(2_000_000);
  for (const text of [`<${long} />`, `<${long}>`, `<a></${long}>`, `<a ${long}>`])
    expect(report(text).length).toBeLessThan(300);
});

test("a page with too many entries is broken", () => {
  expect(() => thread('<post id="1"/>'.repeat(500_000))).toThrow("500000 times <post> in <posts>");
  expect(() =>
    parseForumXml(
      bytes(
        `<categories count="1"><category id="1"><boards>${'<board id="1"/>'.repeat(20_000)}</boards></category></categories>`,
      ),
    ),
  ).toThrow(BrokenDocumentError);
});

test("attributes are read with either quotation mark, but not without", () => {
  expect(parseForumXml(bytes(`<thread id = '7'\n x=">'<" y='"'><posts/></thread>`))).toMatchObject({
    thread: { tid: 7 },
    posts: [],
  });
  expect(() => parseForumXml(bytes(`<thread id=7><posts/></thread>`))).toThrow("a thread without an id");
});
