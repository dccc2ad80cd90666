/** `bun run simulator`: a simulated forum, to try everything without the real one. */
import { Command } from "@commander-js/extra-typings";
import { number, whole } from "@potstats/cli/arguments";
import { interruptible, run } from "@potstats/cli/command";
import { createForum } from "./forum.ts";
import { persistent, transient, unreadable, withMischief } from "./mischief.ts";

const year_s = 365 * 86_400;

const program = new Command("bun run simulator")
  .description("Serves a simulated forum with the XML API, to try the crawler and the later stages.")
  .option("--port <n>", "port to listen on; 0: any free port", whole(0, 65_535), 4000)
  .option("--seed <n>", "each seed creates a different forum", whole(0, 4_294_967_295), 1)
  .option("--posts <n>", "posts in the whole history", whole(1000, 20_000_000), 20_000)
  .option("--years <n>", "years of history, ending in June 2018", whole(1, 40), 15)
  .option("--mischief <share>", "share of requests that fail or get a defective response, 0 to 1", number(0, 1), 0)
  .option(
    "--speed <factor>",
    "replay the last year at this multiple of real time; 0: the history has ended",
    number(0, 1e9),
    0,
  )
  .addHelpText(
    "after",
    `
Example, in another terminal:
  bun run crawl --board all --profiles --delay 0 --forum http://localhost:4000`,
  )
  .action(async ({ port, seed, posts, years, mischief, speed }) => {
    const forum = createForum({ seed, posts, years });
    const { until } = forum.history;
    const fetch = withMischief((request) => forum.fetch(request), {
      seed,
      share: mischief,
      kinds: [...transient, ...persistent, ...unreadable],
    });
    const server = Bun.serve({ port, hostname: "127.0.0.1", fetch });
    const started_ms = performance.now();
    const advance = () =>
      forum.moveTo(Math.min(until, until - year_s + ((performance.now() - started_ms) / 1000) * speed));
    if (speed > 0) {
      advance();
      setInterval(advance, 1000).unref();
    }
    const { threads, people } = forum.history;
    console.log(`${forum.history.posts.length} posts in ${threads.length} threads by ${people.length} people`);
    console.log(`Listening at http://localhost:${server.port}/bb/xml/boards.php (Ctrl-C stops it)`);
    const interrupt = interruptible();
    await new Promise<void>((resolve) => interrupt.signal.addEventListener("abort", () => resolve(), { once: true }));
    await server.stop(true);
  });

await run(program);
