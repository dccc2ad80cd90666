import { afterEach, beforeEach, describe, expect, jest, test } from "bun:test";
import { duration, openProgress, silent } from "./progress.ts";

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());
const pass = (milliseconds: number) => void jest.advanceTimersByTime(milliseconds);

/** A terminal with a width. It understands the control sequences that `Progress` writes, and no others. */
class Terminal {
  isTTY = true;
  lines: string[] = [""];
  widest = 0;
  writes = 0;
  constructor(public columns: number | undefined = 80) {}

  write(text: string): void {
    this.writes++;
    for (const [part] of text.matchAll(/[\n\r]|\p{Cc}\[(\d+)A|\p{Cc}\[J|\P{Cc}+|\p{Cc}/gu)) {
      const up = /^\p{Cc}\[(\d+)A$/u.exec(part)?.[1];
      // Only whole lines are erased, so the cursor is always at the start of the last one.
      if (part === "\r") continue;
      if (up) this.lines.splice(this.lines.length - 1 - Number(up), Number(up));
      else if (part === "\n") this.lines.push("");
      else if (part !== "\u001b[J") {
        expect(part).not.toMatch(/\p{Cc}/u);
        this.lines[this.lines.length - 1] += part;
        this.widest = Math.max(this.widest, Bun.stringWidth(this.lines.at(-1) ?? ""));
      }
    }
  }

  /** The lines on the screen, without the empty one that the cursor is on. */
  get screen(): string[] {
    expect(this.lines.at(-1)).toBe("");
    return this.lines.slice(0, -1);
  }
}

/** A log file: keeps every line. */
class Log {
  text = "";
  write(text: string): void {
    this.text += text;
  }
  get lines(): string[] {
    return this.text.split("\n").slice(0, -1);
  }
}

describe("on a terminal", () => {
  test("each open phase has a bar with count, rate, elapsed time and remaining time", () => {
    const stream = new Terminal(120);
    const progress = openProgress({ stream });
    const posts = progress.phase("posts", { unit: "posts", total: 2000 });
    pass(10_000);
    posts.add(1000);
    posts.detail("Pelzige Raketen");
    pass(100);
    expect(stream.screen).toEqual([
      "posts        ████████████░░░░░░░░░░░░ 1,000 / 2,000 posts  99/s  10 s  10 s left  Pelzige Raketen",
    ]);
    const boards = progress.phase("boards");
    expect(stream.screen.length).toBe(2);
    expect(stream.screen[1]).toStartWith("boards       ░░░░");
    boards.done();
    posts.done("all read");
    expect(stream.screen).toEqual(["✓ boards: 0.0 s", "✓ posts: 1,000 / 2,000 posts, 99/s, 10 s, all read"]);
    progress.close();
    expect(stream.screen.length).toBe(2);
  });

  test("a phase can choose the length of its bar and the text beside it", () => {
    const stream = new Terminal();
    const progress = openProgress({ stream });
    let share = 0.25;
    const phase = progress.phase("demo", { view: () => ({ share, facts: [`${100 * share} %`, "reading"] }) });
    expect(stream.screen).toEqual(["demo         ████░░░░░░░░░░░░ 25 %  reading"]);
    share = 0.5;
    pass(100);
    expect(stream.screen).toEqual(["demo         ████████░░░░░░░░ 50 %  reading"]);
    phase.done("ready");
    expect(stream.screen).toEqual(["✓ demo: 0.1 s, ready"]);
  });

  test("redraws at most ten times a second, in a single write to avoid flicker", () => {
    const stream = new Terminal();
    const progress = openProgress({ stream });
    const phases = ["a", "b", "c"].map((name) => progress.phase(name, { unit: "posts" }));
    const before = stream.writes;
    for (let i = 0; i < 1000; i++) {
      for (const phase of phases) phase.add();
      pass(1);
    }
    expect(stream.writes - before).toBe(10);
    expect(stream.screen.filter((line) => line.includes("990 posts"))).toEqual([]);
    expect(stream.screen[0]).toContain("1,000 posts");
    progress.close();
  });

  test("notes are printed above the bars and stay", () => {
    const stream = new Terminal();
    const progress = openProgress({ stream });
    progress.note("before");
    const phase = progress.phase("threads");
    progress.note("thread 7 is broken\nits page was kept");
    expect(stream.screen.slice(0, 3)).toEqual(["before", "thread 7 is broken", "its page was kept"]);
    expect(stream.screen[3]).toStartWith("threads");
    pass(1000);
    expect(stream.screen.length).toBe(4);
    phase.done();
    expect(stream.screen[3]).toBe("✓ threads: 1.0 s");
    progress.close();
  });

  test("closing during a phase, as after an error, erases the bars and draws no more", () => {
    const stream = new Terminal();
    const progress = openProgress({ stream });
    const phase = progress.phase("threads");
    progress.note("something happened");
    progress.close();
    expect(stream.screen).toEqual(["something happened"]);
    pass(10_000);
    phase.add();
    progress.close();
    expect(stream.screen).toEqual(["something happened"]);
  });

  test("traffic since the start of the phase is shown below the bar", () => {
    const stream = new Terminal();
    const progress = openProgress({ stream });
    const traffic = { num_api_requests: 10, retries: 3, rx_bytes: 5_000_000_000 };
    const phase = progress.phase("threads", { unit: "posts", traffic });
    pass(1000);
    expect(stream.screen).toEqual(["threads      ░░░░░░░░░░░░░░░░ 0 posts  1.0 s"]);
    Object.assign(traffic, { num_api_requests: 1234, retries: 4, rx_bytes: 5_012_345_678 });
    phase.add(500);
    phase.detail("page 7");
    pass(1000);
    expect(stream.screen).toEqual([
      "threads      ░░░░░░░░░░░░░░░░ 500 posts  250/s  2.0 s",
      "             page 7  1,224 requests  1 retry  12 MB",
    ]);
    phase.done();
    expect(stream.screen).toEqual(["✓ threads: 500 posts, 250/s, 2.0 s, 1,224 requests, 1 retry, 12 MB"]);
    progress.close();
  });

  test("colors do not change the text", () => {
    const shown = [false, true].map((colors) => {
      let text = "";
      const stream = { isTTY: true, columns: 80, write: (more: string) => (text += more) };
      const progress = openProgress({ stream, colors });
      const phase = progress.phase("posts", { unit: "posts", total: 2 });
      phase.add();
      phase.detail("thread 7");
      pass(100);
      phase.done();
      progress.close();
      return text;
    });
    expect(shown[1]).toContain("\u001b[32m✓");
    expect(Bun.stripANSI(shown[1] ?? "")).toBe(Bun.stripANSI(shown[0] ?? ""));
    expect(shown[1]).not.toBe(shown[0]);
  });

  test("ending a phase twice has no effect", () => {
    const stream = new Terminal();
    const progress = openProgress({ stream });
    const phase = progress.phase("threads");
    phase.done("first");
    phase.done("second");
    expect(stream.screen).toEqual(["✓ threads: 0.0 s, first"]);
    progress.close();
  });

  test("text from the forum cannot control the terminal", () => {
    const stream = new Terminal(200);
    const progress = openProgress({ stream });
    const phase = progress.phase("threads");
    phase.detail("one\ntwo\u001b[2J\u001b]0;title\u0007\r\u202eeno");
    pass(100);
    expect(stream.screen.length).toBe(1);
    expect(stream.screen[0]).toEndWith("one two eno");
    progress.note("a\u001b[31mb\rc\nd");
    expect(stream.screen.slice(0, 2)).toEqual(["ab c", "d"]);
    phase.done("x\u001b[2Jy");
    expect(stream.screen.at(-1)).toEndWith("xy");
    progress.close();
  });

  const long = "Ein Thema mit einem wirklich langen Titel ".repeat(5);
  test.each([
    ["words", 80, long],
    ["wide letters", 80, "漢字かな交じり文".repeat(20)],
    ["emoji", 80, "👩‍👩‍👧‍👦🚀".repeat(40)],
    ["combining marks", 80, "e\u0301\u0308".repeat(150)],
    ["a narrow terminal", 40, long],
    ["a wide terminal", 200, long.repeat(3)],
  ])("no line is wider than the terminal: %s", (_, columns, text) => {
    const stream = new Terminal(columns);
    const progress = openProgress({ stream });
    const phase = progress.phase("profiles of people", { unit: "profiles", total: 1_234_567 });
    phase.add(1_234_000);
    phase.detail(text);
    pass(5000);
    expect(stream.widest).toBeGreaterThan(columns - 4);
    expect(stream.widest).toBeLessThan(columns);
    progress.note(text);
    phase.done(text);
    progress.close();
    expect(stream.widest).toBeLessThanOrEqual(columns);
    // The note and the outcome are wrapped, but complete.
    const letters = (shown: string) => shown.replaceAll(/\s/g, "");
    expect(letters(stream.screen.join("")).split(letters(text)).length).toBe(3);
  });

  test.each([undefined, 0])("a terminal of unknown width (%p) is assumed to have 80 columns", (columns) => {
    const stream = new Terminal();
    stream.columns = columns;
    const progress = openProgress({ stream });
    progress.phase("threads").detail(long);
    pass(100);
    expect(stream.widest).toBe(79);
    progress.close();
  });

  test("a count above the total and a total of zero are shown correctly", () => {
    const stream = new Terminal();
    const progress = openProgress({ stream });
    const more = progress.phase("more", { unit: "posts", total: 10 });
    more.add(25);
    const none = progress.phase("none", { unit: "posts" });
    none.total(0);
    pass(1000);
    expect(stream.screen).toEqual([
      "more         ████████████████ 25 / 10 posts  25/s  1.0 s",
      "none         ░░░░░░░░░░░░░░░░ 0 / 0 posts  1.0 s",
    ]);
    progress.close();
  });
});

describe("in a log", () => {
  test("a long phase prints a line every five seconds, and one at its end", () => {
    const stream = new Log();
    const progress = openProgress({ stream });
    const phase = progress.phase("threads", { unit: "threads", total: 100 });
    pass(4999);
    expect(stream.text).toBe("");
    phase.add(25);
    pass(1);
    progress.note("thread 7 is broken");
    pass(5000);
    phase.add(75);
    phase.done("none skipped");
    pass(60_000);
    progress.close();
    expect(stream.lines).toEqual([
      "… threads: 25 / 100 threads, 5/s, 5.0 s, 15 s left",
      "thread 7 is broken",
      "… threads: 25 / 100 threads, 2.5/s, 10 s, 30 s left",
      "✓ threads: 100 / 100 threads, 10/s, 10 s, none skipped",
    ]);
  });

  test("lines are complete and contain nothing but text", () => {
    const stream = new Log();
    const progress = openProgress({ stream });
    progress.phase("threads").done(`${"x".repeat(300)}\u001b[31m\n✓ forged: line`);
    expect(stream.lines).toEqual([`✓ threads: 0.0 s, ${"x".repeat(300)} ✓ forged: line`]);
    progress.close();
  });

  test("shows a rate below one per second", () => {
    const stream = new Log();
    const progress = openProgress({ stream });
    const phase = progress.phase("profiles", { unit: "profiles" });
    phase.add(1);
    pass(4000);
    phase.done();
    const slower = progress.phase("boards", { unit: "pages" });
    slower.add(1);
    pass(40_000);
    slower.done();
    expect(stream.lines.at(0)).toBe("✓ profiles: 1 profiles, 0.3/s, 4.0 s");
    expect(stream.lines.at(-1)).toBe("✓ boards: 1 pages, 1.5/min, 40 s");
    progress.close();
  });
});

describe("as JSON", () => {
  test("writes one object per line: every second, at the end, and for notes", () => {
    const stream = new Log();
    const progress = openProgress({ json: true, stream });
    const phase = progress.phase("posts", { unit: "posts", total: 10 });
    phase.add(4);
    pass(1000);
    progress.note(`a "quoted"\nnote`);
    phase.add(6);
    phase.done("two new");
    progress.phase("bare").done();
    pass(60_000);
    progress.close();
    expect(stream.lines.map((line) => JSON.parse(line))).toEqual([
      { phase: "posts", count: 4, total: 10, unit: "posts", seconds: 1 },
      { note: `a "quoted"\nnote` },
      { phase: "posts", count: 10, total: 10, unit: "posts", seconds: 1, done: true, outcome: "two new" },
      { phase: "bare", count: 0, seconds: 0, done: true, outcome: "" },
    ]);
  });

  test("includes the traffic of the phase", () => {
    const stream = new Log();
    const progress = openProgress({ json: true, stream });
    const traffic = { num_api_requests: 0, retries: 0, rx_bytes: 0 };
    const phase = progress.phase("posts", { traffic });
    Object.assign(traffic, { num_api_requests: 1, rx_bytes: 900 });
    phase.done();
    progress.close();
    expect(JSON.parse(stream.text)).toMatchObject({ num_api_requests: 1, retries: 0, rx_bytes: 900 });
  });

  test("is written to a terminal in the same format", () => {
    const stream = new Terminal();
    const progress = openProgress({ json: true, stream });
    progress.phase("posts").done();
    expect(JSON.parse(stream.screen[0] ?? "")).toMatchObject({ phase: "posts", done: true });
    progress.close();
  });
});

test("durations are short and unambiguous", () => {
  const shown = [0, 0.04, 0.25, 3, 9.94, 9.96, 10, 59.4, 59.6, 60, 125, 3599.4, 3599.6, 3725, 100_000].map(duration);
  expect(shown).toEqual([
    "0.0 s",
    "0.0 s",
    "0.3 s",
    "3.0 s",
    "9.9 s",
    "10 s",
    "10 s",
    "59 s",
    "1:00",
    "1:00",
    "2:05",
    "59:59",
    "1:00:00",
    "1:02:05",
    "27:46:40",
  ]);
});

test("an open phase does not keep a process alive", async () => {
  jest.useRealTimers();
  const child = Bun.spawn(
    [process.execPath, "-e", `import { openProgress } from "./progress.ts"; openProgress().phase("threads");`],
    { cwd: import.meta.dirname, stderr: "ignore" },
  );
  expect(await child.exited).toBe(0);
});

test("`silent` accepts every call", () => {
  const phase = silent.phase("threads", { unit: "threads", total: 3 });
  for (const call of [() => phase.add(), () => phase.total(3), () => phase.detail("x"), () => phase.done()])
    expect(call()).toBeUndefined();
  expect(silent.note("x")).toBeUndefined();
});
