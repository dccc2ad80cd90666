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
