/** Starts the hostile client (attacker.ts) with a low priority. @returns the number of responses by status */
export async function attack(url: string, seconds: number): Promise<string> {
  const program = new URL("./attacker.ts", import.meta.url).pathname;
  const child = Bun.spawn(["nice", "-n", "19", process.execPath, program, url, "203.0.113.9", String(seconds)], {
    stdin: "ignore",
    stdout: "pipe",
    stderr: "inherit",
  });
  return (await new Response(child.stdout).text()).trim();
}
