/** The server as a process. */
import { join } from "node:path";

/** `bun server/main.ts` with an environment, and nothing else in it. */
export function startProcess(environment: Record<string, string>) {
  return Bun.spawn([process.execPath, join(import.meta.dirname, "../main.ts")], {
    env: environment,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
}

/** Waits until it serves. @returns where */
export async function servingAt(child: ReturnType<typeof startProcess>): Promise<string> {
  let said = "";
  const decoder = new TextDecoder();
  for await (const chunk of child.stderr) {
    said += decoder.decode(chunk);
    const url = /serving at (\S+)\n/.exec(said)?.[1];
    if (url) return url;
  }
  throw new Error(`it ended before it served: ${said}`);
}
