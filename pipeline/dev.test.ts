/** `bun run dev` as a developer starts it. */
import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readUntil, runCommand, startCommand } from "@potstats/cli/testing/command";
import { until } from "@potstats/cli/testing/until";

const folder = mkdtempSync(join(tmpdir(), "potstats-dev-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Running processes with the folder in their environment or arguments. */
function processes(): string[] {
  const listed = Bun.spawnSync(["ps", "-eww", "-o", "pid=,args=", "e"]).stdout.toString();
  return listed.split("\n").filter((line) => line.includes(folder) && !line.includes("ps -eww"));
}

test("serves dashboard and API, and leaves no process behind", async () => {
  const child = startCommand(["pipeline/dev.ts"], { DATA_DIR: folder, PORT: "0" });
  const output = await readUntil(child.stdout, "Ctrl-C stops everything");
  const addressOf = (name: string) => new RegExp(`^${name} +(http://[\\d.:]+)`, "m").exec(output)?.[1] ?? "";
  const [dashboard, api] = [addressOf("dashboard"), addressOf("api")];
  expect((await fetch(`${api}/healthz`)).status).toBe(200);
  expect(await (await fetch(dashboard)).text()).toContain("/@vite/client");
  // Through Vite's proxy.
  expect((await fetch(`${dashboard}/api/boards`)).headers.get("Content-Type")).toContain("application/json");
  expect(processes().length).toBeGreaterThan(4);
  child.kill("SIGINT");
  expect([0, 130]).toContain(await child.exited);
  await until(() => processes().length === 0);
}, 120_000);

test("--help names the data folder", async () => {
  const { stdout, exitCode } = await runCommand(["pipeline/dev.ts", "--help"]);
  expect(exitCode).toBe(0);
  expect(stdout).toContain("DATA_DIR/dev");
});
