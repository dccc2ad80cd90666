/** Runs the server in a separate process. */
import { join } from "node:path";

/** Starts `bun server/main.ts` with exactly this environment. */
export function startProcess(environment: Record<string, string>) {
  return Bun.spawn([process.execPath, join(import.meta.dirname, "../main.ts")], {
    env: environment,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
}

/** Waits until the server listens. @returns its URL */
export async function servingAt(child: ReturnType<typeof startProcess>): Promise<string> {
  let output = "";
  const decoder = new TextDecoder();
  for await (const chunk of child.stderr) {
    output += decoder.decode(chunk);
    const url = /serving at (\S+)\n/.exec(output)?.[1];
    if (url) return url;
  }
  throw new Error(`the server exited before it listened: ${output}`);
}
