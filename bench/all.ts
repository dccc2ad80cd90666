/** Runs the benches of all stages one after the other, for one size of the forum. Each records its own section. */
import { join } from "node:path";
import { root } from "./measure.ts";

/** A larger simulated forum takes longer to generate than to crawl. The rate does not depend on the size. */
const maxCrawled = 2_000_000;

/** @throws Error if a bench fails */
export async function benchAll(posts: number): Promise<void> {
  const size = ["--posts", String(posts)];
  const benches = [
    ["crawl", "--posts", String(Math.min(posts, maxCrawled))],
    ["analyze", ...size],
    ["search", ...size],
    ["api", ...size],
    ["web"],
  ];
  for (const arguments_ of benches) {
    console.log(`bench ${arguments_.join(" ")}`);
    const child = Bun.spawn([process.execPath, join(root, "bench/main.ts"), ...arguments_], {
      stdin: "ignore",
      stdout: "inherit",
      stderr: "inherit",
    });
    const exitCode = await child.exited;
    if (exitCode !== 0) throw new Error(`bench ${arguments_.join(" ")} exited with ${exitCode}`);
  }
}
