import { afterAll, beforeEach, expect, test } from "bun:test";
import { settle } from "@potstats/cli/testing/settle";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startHolder } from "@potstats/cli/testing/command";
import { until } from "@potstats/cli/testing/until";
import { stablePort } from "./ports.ts";
import { joinService, reviveService, stopService } from "./services.ts";
import { sleeper } from "./testing/sleeper.ts";

const root = mkdtempSync(join(tmpdir(), "potstats services "));
afterAll(() => rmSync(root, { recursive: true }));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(root, "a folder "));
});

const service = (delay_ms = 0) => sleeper(folder, delay_ms);
const history = () => readFileSync(join(folder, "history"), "utf8").trim();
const users = () => readdirSync(folder).filter((name) => name.endsWith(".user"));

/** A process that joins, prints "joined", and leaves when its input ends. */
function command(delay_ms = 0) {
  const script = `
    import { joinService } from "./services.ts";
    import { sleeper } from "./testing/sleeper.ts";
    const leave = await joinService(sleeper(process.argv[1], ${delay_ms}));
    console.log("joined");
    for await (const _ of Bun.stdin.stream());
    await leave();`;
  return startHolder(script, [folder], import.meta.dirname);
}

test("commands that join concurrently start it once, and the last to leave stops it", async () => {
  const commands = Array.from({ length: 6 }, () => command(100));
  expect(await Promise.all(commands.map(({ line }) => line()))).toEqual(Array(6).fill("joined"));
  expect(history()).toBe("start");
  expect(users().length).toBe(6);
  expect(await Promise.all(commands.slice(1).map(({ leave }) => leave()))).toEqual(Array(5).fill(0));
  expect(history()).toBe("start");
  expect(await commands[0]?.leave()).toBe(0);
  expect(history()).toBe("start stop");
  expect(users()).toEqual([]);
});

test("one process can join several times, even concurrently, and must leave as often", async () => {
  const [first, second] = await Promise.all([joinService(service(50)), joinService(service(50))]);
  expect(history()).toBe("start");
  await first();
  await first();
  expect(history()).toBe("start");
  await second();
  expect(history()).toBe("start stop");
});

test("a service left running by a killed command is taken over, and the dead command does not count as a user", async () => {
  const killed = command();
  await killed.line();
  await killed.kill();
  const leave = await joinService(service());
  expect(history()).toBe("start");
  await leave();
  expect(history()).toBe("start stop");
  expect(users()).toEqual([]);
});

test("a command killed while starting the service does not block others, nor does its lock", async () => {
  const killed = command(60_000);
  await until(() => readdirSync(folder).includes("history"));
  await killed.kill();
  const leave = await joinService(service());
  await leave();
  expect(history()).toBe("start start stop");
});

test("entries of dead processes, of reused pids, and incomplete entries are ignored", async () => {
  const leave = await joinService(service());
  const dead = Bun.spawn(["true"]);
  await dead.exited;
  writeFileSync(join(folder, "dead.user"), `${dead.pid} 1`);
  writeFileSync(join(folder, "reused.user"), `${process.ppid} 1`);
  writeFileSync(join(folder, "empty.user"), "");
  writeFileSync(join(folder, "malformed.user"), "-1 x");
  await leave();
  expect(history()).toBe("start stop");
  expect(users()).toEqual([]);
});

test("the next command starts a service that died while in use", async () => {
  const first = await joinService(service());
  process.kill(Number(readFileSync(join(folder, "pid"), "utf8")), "SIGKILL");
  await Bun.sleep(20);
  const second = await joinService(service());
  expect(history()).toBe("start start");
  await second();
  await first();
  expect(history()).toBe("start start stop");
});

test("a failed start leaves no user and no lock behind", async () => {
  const broken = { ...service(), start: () => Promise.reject(new Error("it does not start")) };
  for (let i = 0; i < 2; i++) expect(await settle(joinService(broken))).toThrow("it does not start");
  const leave = await joinService(service());
  expect(users().length).toBe(1);
  await leave();
});

test("stopping returns the number of users, who then leave without an error", async () => {
  expect(await stopService(service())).toBeUndefined();
  const other = command();
  await other.line();
  const leave = await joinService(service());
  expect(await stopService(service())).toBe(2);
  expect(await stopService(service())).toBeUndefined();
  await leave();
  expect(await other.leave()).toBe(0);
  expect(history()).toBe("start stop");
});

test("only one process at a time changes the register, even after others were killed", async () => {
  // Regression: two waiting processes once took over the lock of a dead one.
  const killed = command(60_000);
  await until(() => readdirSync(folder).includes("history"));
  const commands = Array.from({ length: 8 }, () => command(30));
  await Bun.sleep(150);
  await killed.kill();
  await Promise.all(commands.map(({ line }) => line()));
  await Promise.all(commands.map(({ leave }) => leave()));
  expect(history()).toBe("start start stop");
});

test("a user restarts a service that died, but not one that an operator stopped", async () => {
  const leave = await joinService(service());
  await reviveService(service());
  expect(history()).toBe("start");
  await service().stop();
  await reviveService(service());
  expect(history()).toBe("start stop start");
  await stopService(service());
  await reviveService(service());
  expect(history()).toBe("start stop start stop");
  await leave();
});

test("a service keeps its port as long as no other program takes it", async () => {
  const file = join(folder, "port");
  const port = await stablePort(file);
  expect(await stablePort(file)).toBe(port);
  const other = Bun.serve({ hostname: "127.0.0.1", port, fetch: () => new Response() });
  const moved = await stablePort(file);
  expect(moved).not.toBe(port);
  await other.stop(true);
  expect(await stablePort(file)).toBe(moved);
});
