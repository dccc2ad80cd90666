import { describe, expect, test } from "bun:test";
import { CommandError, exitCodes, messageOf } from "./command.ts";

const preamble = `
import { Command } from "@commander-js/extra-typings";
import { CommandError, exitCodes, interruptible, run } from "./command.ts";
import { readSettings } from "./settings.ts";
const program = new Command("bun run thing").description("A thing.").option("--count <n>", "how many").addHelpText("after", "\\nExample:\\n  bun run thing");
`;

/** Starts a small command in a process of its own; with -e there is no path of a script before the arguments, so one is given. */
const start = (script: string, args: string[] = [], env: Record<string, string> = {}) =>
  Bun.spawn([process.execPath, "-e", preamble + script, "thing", ...args], {
    cwd: import.meta.dirname,
    env: { PATH: process.env["PATH"] ?? "", NO_COLOR: "1", ...env },
    stdout: "pipe",
    stderr: "pipe",
  });

/** Runs it to its end. */
async function command(script: string, args: string[] = [], env: Record<string, string> = {}) {
  const child = start(script, args, env);
  const [out, err, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { out, err, code };
}

const action = (body: string) => `program.action(async (options) => { ${body} }); await run(program);`;

describe("exit codes", () => {
  test("are these", () => {
    expect(exitCodes).toEqual({ done: 0, failed: 1, usage: 2, running: 3, incomplete: 4 });
  });

  test.concurrent("0: done", async () => {
    expect(await command(action(`console.log("did", options.count)`), ["--count", "3"])).toEqual({
      out: "did 3\n",
      err: "",
      code: 0,
    });
  });

  test.concurrent("1: failed, told in one line without a stack", async () => {
    expect(await command(action(`throw new Error("the thing broke")`))).toEqual({
      out: "",
      err: "error: the thing broke\n",
      code: 1,
    });
    expect(await command(action(`throw new CommandError("do this instead")`))).toEqual({
      out: "",
      err: "error: do this instead\n",
      code: 1,
    });
    expect(await command(action(`throw "a mere string"`))).toEqual({ out: "", err: "error: a mere string\n", code: 1 });
  });

  test.concurrent("2: wrong settings, all at once", async () => {
    const reading = action(`readSettings(process.env, ["PORT", "LOG_LEVEL", "DATABASE_URL"])`);
    expect(
      await command(reading, [], { PORT: "http", LOG_LEVEL: "loud", DATABASE_URL: "mysql://u:geheim@h/x" }),
    ).toEqual({
      out: "",
      err: `error: wrong settings:
  PORT: must be a whole number from 0 to 65535
  LOG_LEVEL: must be debug, info, warn or error
  DATABASE_URL: must be an address that starts with postgres:// or postgresql://
`,
      code: 2,
    });
  });

  test.concurrent("3: another one is running, or whatever an error brings", async () => {
    const running = `throw Object.assign(new Error("another one is running"), { exitCode: exitCodes.running })`;
    expect(await command(action(running))).toEqual({ out: "", err: "error: another one is running\n", code: 3 });
  });

  test.concurrent("4: done but incomplete, thrown or set", async () => {
    expect((await command(action(`throw new CommandError("two threads failed", exitCodes.incomplete)`))).code).toBe(4);
    expect(await command(action(`console.log("the rest"); process.exitCode = exitCodes.incomplete`))).toEqual({
      out: "the rest\n",
      err: "",
      code: 4,
    });
  });

  test.concurrent("an error ends the process although handlers of signals are still in place", async () => {
    expect((await command(action(`interruptible(); throw new Error("no")`))).code).toBe(1);
  });
});

describe("wrong usage is 2, says what is wrong and where help is, and does nothing", () => {
  const single = action(`console.log("did it")`);
  const several = `program.command("good").option("--very").action(() => console.log("did it")); await run(program);`;

  test.concurrent.each([
    ["an unknown option", single, ["--nonsense"], "unknown option '--nonsense'"],
    ["a likely option", single, ["--cuont", "3"], "Did you mean --count?"],
    ["an option without its value", single, ["--count"], "argument missing"],
    ["an argument too many", single, ["nonsense"], "too many arguments"],
    ["an unknown command", several, ["bad"], "unknown command 'bad'"],
    ["an unknown option of a command", several, ["good", "--bad"], "unknown option '--bad'"],
    ["an argument too many of a command", several, ["good", "bad"], "too many arguments"],
  ])("%s", async (_, script, args, message) => {
    const { out, err, code } = await command(script, args);
    expect({ out, code }).toEqual({ out: "", code: 2 });
    expect(err).toContain(message);
    expect(err).toEndWith("(--help tells more)\n");
  });

  test.concurrent("no command where one is needed: the help, on standard error", async () => {
    const { out, err, code } = await command(several);
    expect({ out, code }).toEqual({ out: "", code: 2 });
    expect(err).toContain("Usage: bun run thing");
  });

  test.concurrent("--help is 0 and has examples", async () => {
    const { out, err, code } = await command(several, ["--help"]);
    expect({ err, code }).toEqual({ err: "", code: 0 });
    expect(out).toContain("Usage: bun run thing");
    expect(out).toContain("Example:\n  bun run thing");
    expect((await command(several, ["good", "--help"])).code).toBe(0);
  });
});

describe("signals", () => {
  /** Starts a command, waits until it says "ready", then sends the signals, each when the text before it was printed. */
  async function interrupted(script: string, ...signals: ["SIGINT" | "SIGTERM", after: string][]) {
    const child = start(script);
    let out = "";
    const decoder = new TextDecoder();
    for await (const chunk of child.stdout) {
      out += decoder.decode(chunk, { stream: true });
      while (signals[0] && out.includes(signals[0][1])) child.kill(signals.shift()?.[0]);
    }
    return { out, err: await new Response(child.stderr).text(), code: await child.exited };
  }

  const graceful = action(`
    const { signal, release } = interruptible(() => console.log("asked to end"));
    const aborted = new Promise((resolve) => signal.addEventListener("abort", resolve));
    console.log("ready");
    await aborted;
    await Bun.sleep(20);
    release();
    console.log("tidied up", signal.reason.name);
  `);

  test.concurrent.each(["SIGINT", "SIGTERM"] as const)(
    "one %s asks for an end and lets the work tidy up",
    async (signal) => {
      expect(await interrupted(graceful, [signal, "ready"])).toEqual({
        out: "ready\nasked to end\ntidied up AbortError\n",
        err: "",
        code: 0,
      });
    },
  );

  test.concurrent.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)(
    "a command that waits for what never comes is ended by itself a while after %s: %d",
    async (signal, code) => {
      const waiting = action(`
      const { release } = interruptible(() => console.log("asked to end"), 300);
      setInterval(() => {}, 1000);
      console.log("ready");
      try { await new Promise((_, reject) => process.once("${signal}", () => setTimeout(reject, 50))) }
      finally { release(); await new Promise(() => {}); }`);
      expect(await interrupted(waiting, [signal, "ready"])).toEqual({
        out: "ready\nasked to end\n",
        err: "interrupted while waiting; nothing that was committed is lost\n",
        code,
      });
    },
  );

  test.concurrent("work that throws the signal's reason ends with 130", async () => {
    const throwing = action(`
      const { signal } = interruptible();
      const aborted = new Promise((resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
      console.log("ready");
      await aborted;`);
    expect(await interrupted(throwing, ["SIGINT", "ready"])).toEqual({
      out: "ready\n",
      err: "interrupted\n",
      code: 130,
    });
  });

  test.concurrent("one that `bun run` passes on again is not a second one", async () => {
    const echoed = action(`
      interruptible(() => console.log("asked to end"));
      console.log("ready");
      await new Promise((resolve) => process.once("SIGTERM", () => process.once("SIGTERM", resolve)));
      console.log("tidied up");
      process.exit(0);`);
    expect(await interrupted(echoed, ["SIGTERM", "ready"], ["SIGTERM", "asked to end"])).toEqual({
      out: "ready\nasked to end\ntidied up\n",
      err: "",
      code: 0,
    });
  });

  test.concurrent("a second one ends at once, whatever the work does", async () => {
    const stubborn = action(`
      interruptible(() => {
        console.log("asked to end");
        setTimeout(() => console.log("still busy"), 500);
      });
      console.log("ready");
      await Bun.sleep(60_000);`);
    const from = performance.now();
    expect(await interrupted(stubborn, ["SIGINT", "ready"], ["SIGINT", "still busy"])).toEqual({
      out: "ready\nasked to end\nstill busy\n",
      err: "",
      code: 130,
    });
    expect(performance.now() - from).toBeLessThan(20_000);
  });

  test.concurrent("after the release a signal is the system's again", async () => {
    const released = action(`
      interruptible(() => console.log("asked to end")).release();
      console.log("ready");
      await Bun.sleep(60_000);`);
    const { out, code } = await interrupted(released, ["SIGTERM", "ready"]);
    expect({ out, code }).toEqual({ out: "ready\n", code: 143 });
  });
});

describe("errors in words", () => {
  const failed = (message: string, code?: string) => messageOf(Object.assign(new Error(message), { code }));

  test("know what to do about what happens", () => {
    expect(failed("connect ECONNREFUSED 127.0.0.1:5432", "ECONNREFUSED")).toBe(
      "connect ECONNREFUSED 127.0.0.1:5432 – is it running, and is the address right?",
    );
    expect(failed(`relation "posts" does not exist`, "42P01")).toBe(
      `relation "posts" does not exist – the tables are missing: run \`bun run db migrate\``,
    );
    expect(failed(`unrecognized configuration parameter "x"`, "42704")).toEndWith(" – take it out of DATABASE_URL");
    expect(messageOf(Object.assign(new Error("no"), { code: "ENOENT", syscall: "connect" }))).toStartWith("no – is it");
    expect(messageOf(Object.assign(new Error("no"), { code: "ENOENT", syscall: "open" }))).toBe("no");
    expect(failed("something new", "XX000")).toBe("something new");
    expect(failed("something new", "toString")).toBe("something new");
    expect(messageOf(undefined)).toBe("undefined");
    expect(messageOf(new CommandError("do this"))).toBe("do this");
  });

  test("say what lies in an error of several, and never nothing", () => {
    const both = new AggregateError([new Error("no ::1"), new Error("no 127.0.0.1")]);
    expect(messageOf(both)).toBe("no ::1; no 127.0.0.1");
    expect(messageOf(new TypeError())).toBe("TypeError");
  });

  test.each([
    ["postgres://u:geheim@h:5432/x", "postgres://u:***@h:5432/x"],
    ["postgres://u:ge@he:im@h/x", "postgres://u:***@h/x"],
    ["redis://:geheim@h", "redis://:***@h"],
    ["postgresql+psycopg2://u:geheim@h/x", "postgresql+psycopg2://u:***@h/x"],
    ["two: redis://a:geheim@h and redis://b:geheim@h", "two: redis://a:***@h and redis://b:***@h"],
    ["http://host:80/path@x", "http://host:80/path@x"],
  ])("never hold a password: %s", (message, shown) => {
    expect(failed(message)).toBe(shown);
  });
});
