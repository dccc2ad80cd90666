/**
 * `bun run test [patterns…]`: runs all tests in two processes and ends with "N passed, N failed". Tests that need Redis,
 * Chromium or other runtimes are skipped with a message if those are missing; with CI=true, a missing program or skipped test is a failure.
 */
import { testPostgres } from "@potstats/db/testing/database";
import { hasRuntimes } from "@potstats/edge/testing/runtimes";
import { hasBrowser } from "@potstats/pipeline/testing/browser";

const inCi = process.env["CI"] === "true";
const redis = Bun.which("redis-server") !== null;
const missing = [
  ...(hasBrowser
    ? []
    : ["Chromium (/usr/bin/chromium-headless-shell or /usr/bin/chromium): the browser tests are skipped"]),
  ...(redis ? [] : ["redis-server: the Redis tests are skipped"]),
  ...(hasRuntimes ? [] : ["Node, Deno and workerd (bun install --cwd edge/runtimes): the tests in edge/ are skipped"]),
];
for (const line of missing) console.error(`missing: ${line}`);
if (inCi && missing.length > 0) process.exit(1);

// Runs until the end: the last test file to leave would stop it, and the next one start it again.
const postgres = await testPostgres().catch(() => undefined);

// Each process loads modules and the German lexicon once: loading them again for each file was a third of the CPU time.
const options = ["--parallel=2", "--no-isolate", "--timeout=60000"];
const tests = Bun.spawn([process.execPath, "test", ...options, ...process.argv.slice(2)], {
  cwd: new URL("..", import.meta.url).pathname,
  stdin: "ignore",
  stdout: "inherit",
  stderr: "pipe",
});

let output = "";
const decoder = new TextDecoder();
for await (const chunk of tests.stderr) {
  const text = decoder.decode(chunk, { stream: true });
  process.stderr.write(text);
  // The counts are at the end; keep enough of the output to find them.
  output = (output + text).slice(-20_000);
}
const exitCode = await tests.exited;
await postgres?.close();

/** The number in the last "N <word>" line of Bun's summary. */
function count(word: string): number {
  // oxlint-disable-next-line no-control-regex -- bun colors its counts
  const lines = [...output.replaceAll(/\u001b\[[0-9;]*m/g, "").matchAll(new RegExp(`^\\s*(\\d+) ${word}$`, "gm"))];
  return Number(lines.at(-1)?.[1] ?? 0);
}
const [passed, failed, skipped] = [count("pass"), count("fail"), count("skip") + count("todo")];
if (inCi && skipped > 0) console.log(`${skipped} skipped, which CI does not allow`);
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
process.exitCode = exitCode !== 0 || failed > 0 || passed === 0 || (inCi && skipped > 0) ? 1 : 0;
