/** Other commands of ours, for those that are made of several. */
import { CommandError, exitCodes, interruptible } from "@potstats/cli/command";

/**
 * Runs `bun run <command>` as the operator would; it ends with us.
 * @returns 0, or that it is running already
 * @throws CommandError when it fails
 */
export async function another(...command: string[]): Promise<number> {
  const { signal, release } = interruptible();
  const child = Bun.spawn([process.execPath, "run", ...command], {
    cwd: new URL("..", import.meta.url).pathname,
    stdio: ["ignore", "inherit", "inherit"],
    signal,
    killSignal: "SIGTERM",
  });
  const exitCode = await child.exited;
  release();
  signal.throwIfAborted();
  if (exitCode !== exitCodes.done && exitCode !== exitCodes.running)
    throw new CommandError(`\`bun run ${command.join(" ")}\` failed, and this is not done: run it again`);
  return exitCode;
}
