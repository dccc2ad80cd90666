/** Runs this repository's commands in separate processes. */
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");

/**
 * Starts Bun with these arguments, without input.
 * @param env the whole environment, besides PATH
 */
export const startCommand = (
  args: string[],
  env: Record<string, string> = {},
  options: { cwd?: string; detached?: boolean } = {},
) =>
  Bun.spawn([process.execPath, ...args], {
    cwd: root,
    env: { PATH: process.env["PATH"] ?? "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
    ...options,
  });

export interface CommandResult {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** Runs a command until it exits. Takes the same arguments as {@link startCommand}. */
export async function runCommand(...command: Parameters<typeof startCommand>): Promise<CommandResult> {
  const child = startCommand(...command);
  const [stdout, stderr, exitCode] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { exitCode, stdout, stderr };
}

/**
 * Starts a script that prints one line once it holds something, and exits when its input ends.
 * @param cwd the folder that its relative imports start from
 */
export function startHolder(script: string, args: string[], cwd: string) {
  const child = Bun.spawn([process.execPath, "-e", script, ...args], {
    cwd,
    stdin: "pipe",
    stdout: "pipe",
    stderr: "inherit",
  });
  return {
    pid: child.pid,
    /** Waits for the line. */
    line: async () => (await readUntil(child.stdout, "\n")).trim(),
    /** @returns the exit code */
    leave: async () => {
      await child.stdin.end();
      return child.exited;
    },
    kill: async () => {
      child.kill("SIGKILL");
      await child.exited;
    },
  };
}

/**
 * Reads a command's output until it contains the text.
 * @returns what was read
 * @throws Error if the command exits before
 */
export async function readUntil(stream: ReadableStream<Uint8Array>, text: string): Promise<string> {
  let output = "";
  const decoder = new TextDecoder();
  for await (const chunk of stream) {
    output += decoder.decode(chunk, { stream: true });
    if (output.includes(text)) return output;
  }
  throw new Error(`the output ended without "${text}":\n${output}`);
}
