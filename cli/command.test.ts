import { describe, expect, test } from "bun:test";
import { CommandError, exitCodes, messageOf } from "./command.ts";

const preamble = `
import { Command } from "@commander-js/extra-typings";
import { CommandError, exitCodes, interruptible, run } from "./command.ts";
import { readSettings } from "./settings.ts";
const program = new Command("bun run thing").description("A thing.").option("--count <n>", "how many").addHelpText("after", "\\nExample:\\n  bun run thing");
`;

/** Starts a small command in its own process. With `-e`, argv has no script path, so "thing" takes its place. */
const start = (script: string, args: string[] = [], env: Record<string, string> = {}) =>
  Bun.spawn([process.execPath, "-e", preamble + script, "thing", ...args], {
    cwd: import.meta.dirname,
    env: { PATH: process.env["PATH"] ?? "", NO_COLOR: "1", ...env },
    stdout: "pipe",
    stderr: "pipe",
  });

/** Runs a small command until it exits. */
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

test.concurrent("a reader that closes the pipe early causes no error", async () => {
  const script = `${preamble} program.addHelpText("after", "more".repeat(100_000)); await run(program, ["", "", "--help"]);`;
  const child = Bun.spawn(["bash", "-c", '"$0" -e "$1" | head -c 1', process.execPath, script], {
    cwd: import.meta.dirname,
    stdout: "pipe",
    stderr: "pipe",
  });
  expect([await new Response(child.stdout).text(), await new Response(child.stderr).text()]).toEqual(["U", ""]);
});

describe("exit codes", () => {
  test("have fixed numbers", () => {
    expect(exitCodes).toEqual({ done: 0, failed: 1, usage: 2, running: 3, incomplete: 4 });
  });

  test.concurrent("0: done", async () => {
    expect(await command(action(`console.log("did", options.count)`), ["--count", "3"])).toEqual({
      out: "did 3\n",
      err: "",
      code: 0,
    });
  });

  test.concurrent("1: failed; prints one line, no stack", async () => {
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

  test.concurrent("2: invalid settings; lists all of them", async () => {
    const reading = action(`readSettings(process.env, ["PORT", "LOG_LEVEL", "DATABASE_URL"])`);
    expect(
      await command(reading, [], { PORT: "http", LOG_LEVEL: "loud", DATABASE_URL: "mysql://u:geheim@h/x" }),
    ).toEqual({
      out: "",
      err: `error: invalid settings:
  PORT: must be a whole number from 0 to 65535
  LOG_LEVEL: must be debug, info, warn or error
  DATABASE_URL: must be a URL that starts with postgres:// or postgresql://
`,
      code: 2,
    });
  });

  test.concurrent("3: already running; an error may carry its own exit code", async () => {
    const running = `throw Object.assign(new Error("already running"), { exitCode: exitCodes.running })`;
    expect(await command(action(running))).toEqual({ out: "", err: "error: already running\n", code: 3 });
  });

  test.concurrent("4: done but incomplete; thrown or set", async () => {
    expect((await command(action(`throw new CommandError("two threads failed", exitCodes.incomplete)`))).code).toBe(4);
    expect(await command(action(`console.log("the rest"); process.exitCode = exitCodes.incomplete`))).toEqual({
      out: "the rest\n",
      err: "",
      code: 4,
    });
  });

  test.concurrent("an error ends the process even if signal handlers are still installed", async () => {
    expect((await command(action(`interruptible(); throw new Error("no")`))).code).toBe(1);
  });
});

describe("wrong usage exits with 2, explains the error, points to --help and does nothing", () => {
  const single = action(`console.log("did it")`);
  const several = `program.command("good").option("--very").action(() => console.log("did it")); await run(program);`;

  test.concurrent.each([
    ["an unknown option", single, ["--nonsense"], "unknown option '--nonsense'"],
    ["a misspelled option", single, ["--cuont", "3"], "Did you mean --count?"],
    ["an option without its value", single, ["--count"], "argument missing"],
    ["an extra argument", single, ["nonsense"], "too many arguments"],
    ["an unknown subcommand", several, ["bad"], "unknown command 'bad'"],
    ["an unknown option of a subcommand", several, ["good", "--bad"], "unknown option '--bad'"],
    ["an extra argument of a subcommand", several, ["good", "bad"], "too many arguments"],
  ])("%s", async (_, script, args, message) => {
    const { out, err, code } = await command(script, args);
    expect({ out, code }).toEqual({ out: "", code: 2 });
    expect(err).toContain(message);
    expect(err).toEndWith("(see --help)\n");
  });

  test.concurrent.each([
    [
      "of an option",
      ["--from", "ftp://u:geheim@h"],
      "option '--from <url>' is invalid: must be a URL that starts with",
    ],
    ["of an option, without its scheme", ["--from", "u:geheim@h"], "'--from <url>' is invalid: must be a URL"],
    ["of a misspelled option", ["--form=https://u:ge heim@h"], "unknown option '--form=https://…\n"],
    ["that is an extra argument", ["extra", "https://u:geheim@h"], "but got 2: extra, https://…\n"],
  ])("a URL is not printed: one %s", async (_, args, message) => {
    const script = `import { httpAddress } from "./arguments.ts"; program.option("--from <url>", "where", httpAddress);`;
    const { out, err, code } = await command(script + single, args);
    expect({ out, code }).toEqual({ out: "", code: 2 });
    expect(err).toContain(message);
    expect(err).not.toContain("heim");
    expect(err).toEndWith("(see --help)\n");
  });

  test.concurrent("a missing subcommand prints the help to standard error", async () => {
    const { out, err, code } = await command(several);
    expect({ out, code }).toEqual({ out: "", code: 2 });
    expect(err).toContain("Usage: bun run thing");
  });

  test.concurrent("--help exits with 0 and shows examples", async () => {
    const { out, err, code } = await command(several, ["--help"]);
    expect({ err, code }).toEqual({ err: "", code: 0 });
    expect(out).toContain("Usage: bun run thing");
    expect(out).toContain("Example:\n  bun run thing");
    expect((await command(several, ["good", "--help"])).code).toBe(0);
  });
});

describe("signals", () => {
  /** Starts a command and sends each signal once the command has printed the text paired with it. */
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
    const { signal, release } = interruptible(() => console.log("exit requested"));
    const aborted = new Promise((resolve) => signal.addEventListener("abort", resolve));
    console.log("ready");
    await aborted;
    await Bun.sleep(20);
    release();
    console.log("cleaned up", signal.reason.name);
  `);

  test.concurrent.each(["SIGINT", "SIGTERM"] as const)(
    "one %s requests an exit and lets the work clean up",
    async (signal) => {
      expect(await interrupted(graceful, [signal, "ready"])).toEqual({
        out: "ready\nexit requested\ncleaned up AbortError\n",
        err: "",
        code: 0,
      });
    },
  );

  test.concurrent.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("a command that waits forever is ended a while after %s: %d", async (signal, code) => {
    const waiting = action(`
      const { release } = interruptible(() => console.log("exit requested"), 300);
      setInterval(() => {}, 1000);
      console.log("ready");
      try { await new Promise((_, reject) => process.once("${signal}", () => setTimeout(reject, 50))) }
      finally { release(); await new Promise(() => {}); }`);
    expect(await interrupted(waiting, [signal, "ready"])).toEqual({
      out: "ready\nexit requested\n",
      err: "interrupted while waiting; no committed work is lost\n",
      code,
    });
  });

  test.concurrent("work that throws the signal's reason exits with 130", async () => {
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

  test.concurrent("the copy of a signal that `bun run` forwards does not count as a second one", async () => {
    const echoed = action(`
      interruptible(() => console.log("exit requested"));
      console.log("ready");
      await new Promise((resolve) => process.once("SIGTERM", () => process.once("SIGTERM", resolve)));
      console.log("cleaned up");
      process.exit(0);`);
    expect(await interrupted(echoed, ["SIGTERM", "ready"], ["SIGTERM", "exit requested"])).toEqual({
      out: "ready\nexit requested\ncleaned up\n",
      err: "",
      code: 0,
    });
  });

  test.concurrent("a second signal exits at once, whatever the work does", async () => {
    const stubborn = action(`
      interruptible(() => {
        console.log("exit requested");
        setTimeout(() => console.log("still busy"), 500);
      });
      console.log("ready");
      await Bun.sleep(60_000);`);
    const from = performance.now();
    expect(await interrupted(stubborn, ["SIGINT", "ready"], ["SIGINT", "still busy"])).toEqual({
      out: "ready\nexit requested\nstill busy\n",
      err: "",
      code: 130,
    });
    expect(performance.now() - from).toBeLessThan(20_000);
  });

  test.concurrent("`release` restores the default effect of signals", async () => {
    const released = action(`
      interruptible(() => console.log("exit requested")).release();
      console.log("ready");
      await Bun.sleep(60_000);`);
    const { out, code } = await interrupted(released, ["SIGTERM", "ready"]);
    expect({ out, code }).toEqual({ out: "ready\n", code: 143 });
  });
});

describe("error messages", () => {
  const failed = (message: string, code?: string) => messageOf(Object.assign(new Error(message), { code }));

  test("give a hint", () => {
    expect(failed("connect ECONNREFUSED 127.0.0.1:5432", "ECONNREFUSED")).toBe(
      "connect ECONNREFUSED 127.0.0.1:5432 – is it running, and is the address right?",
    );
    expect(failed(`relation "posts" does not exist`, "42P01")).toBe(
      `relation "posts" does not exist – the tables are missing: run \`bun run db migrate\``,
    );
    expect(failed(`column "x" does not exist`, "42703")).toEndWith("an earlier version: run `bun run db migrate`");
    expect(failed(`unrecognized configuration parameter "x"`, "42704")).toEndWith(" – remove it from DATABASE_URL");
    expect(messageOf(Object.assign(new Error("no"), { code: "ENOENT", syscall: "connect" }))).toStartWith("no – is it");
    expect(messageOf(Object.assign(new Error("no"), { code: "ENOENT", syscall: "open" }))).toBe("no");
    expect(failed("no space left on device, write", "ENOSPC")).toEndWith(
      " – free space on this disk, and run the command again",
    );
    expect(messageOf(Object.assign(new Error("no"), { code: "EROFS", syscall: "mkdir" }))).toStartWith(
      "no – set DATA_DIR",
    );
    expect(failed("something new", "XX000")).toBe("something new");
    expect(failed("something new", "toString")).toBe("something new");
    expect(messageOf(undefined)).toBe("undefined");
    expect(messageOf(new CommandError("do this"))).toBe("do this");
  });

  test("list the errors of an AggregateError, and are never empty", () => {
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
  ])("never contain a password: %s", (message, shown) => {
    expect(failed(message)).toBe(shown);
  });
});
