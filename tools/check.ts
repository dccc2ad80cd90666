/** `bun run check`: types, lint, format, unused code and the tidy test, in parallel. Prints the output of what fails. */

const root = new URL("..", import.meta.url).pathname;
const checks: Record<string, string[]> = {
  types: ["x", "tsc", "-p", "."],
  // In Bun, because Node 20 does not read a configuration in TypeScript.
  lint: ["x", "--bun", "oxlint", "--deny-warnings"],
  format: ["x", "oxfmt", "--check"],
  unused: ["x", "--bun", "knip", "--no-progress", "--cache"],
  tidy: ["test", "./tools/tidy.test.ts"],
};

const failed = await Promise.all(
  Object.entries(checks).map(async ([name, command]) => {
    const started = performance.now();
    const child = Bun.spawn([process.execPath, ...command], {
      cwd: root,
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    });
    const [stdout, stderr, exitCode] = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
      child.exited,
    ]);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`${exitCode === 0 ? "✓" : "✗"} ${name} ${seconds} s`);
    if (exitCode !== 0) console.log(stdout + stderr);
    return exitCode !== 0;
  }),
);
process.exitCode = failed.includes(true) ? 1 : 0;
