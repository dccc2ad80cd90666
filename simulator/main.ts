/** `bun run simulator`: a forum to try everything on, without the real one. */
import { interruptible, run } from "@potstats/cli/command";
import { Command, InvalidArgumentError } from "commander";
import { createForum } from "./forum.ts";

const whole = (low: number, high: number) => (text: string) => {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < low || value > high)
    throw new InvalidArgumentError(`must be a whole number from ${low} to ${high}`);
  return value;
};

interface Options {
  port: number;
  seed: number;
  posts: number;
  years: number;
}

const program = new Command("simulator")
  .description("Serves an invented forum that speaks the XML API, for trying out the crawler and everything after it.")
  .option("--port <n>", "0 takes a free one", whole(0, 65_535), 4000)
  .option("--seed <n>", "another seed, another forum", whole(0, 4_294_967_295), 1)
  .option("--posts <n>", "in its whole history", whole(1000, 20_000_000), 20_000)
  .option("--years <n>", "of history, ending with June 2018", whole(1, 40), 15)
  .addHelpText(
    "after",
    `
Example, in another terminal:
  bun run crawl --board all --profiles --delay 0 --forum http://localhost:4000`,
  )
  .action(async ({ port, seed, posts, years }: Options) => {
    const forum = createForum({ seed, posts, years });
    const server = Bun.serve({ port, hostname: "127.0.0.1", fetch: (request) => forum.fetch(request) });
    const { threads, people } = forum.history;
    console.log(`${forum.history.posts.length} posts in ${threads.length} threads by ${people.length} people`);
    console.log(`The forum is at http://localhost:${server.port}/bb/xml/boards.php (Ctrl-C ends it)`);
    const interrupt = interruptible();
    await new Promise<void>((resolve) => interrupt.signal.addEventListener("abort", () => resolve(), { once: true }));
    await server.stop(true);
  });

await run(program);
