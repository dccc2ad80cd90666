/** `bun run bench`: the targets of speed and memory, measured. The results go into RESULTS.md. */
import { Command } from "@commander-js/extra-typings";
import { whole } from "@potstats/cli/arguments";
import { run } from "@potstats/cli/command";
import { benchAnalyze } from "./analyze.ts";
import { benchApi } from "./api.ts";
import { benchCrawl } from "./crawl.ts";
import { benchKills } from "./kills.ts";
import { benchNeighbours } from "./neighbours.ts";
import { benchPatrol } from "./patrol.ts";
import { record } from "./results.ts";
import { benchSearch } from "./search.ts";
import { benchWeb } from "./web.ts";

/** As good as no limit. */
const count = whole(1, 1_000_000_000);

const program = new Command("bench").description(
  "Measures what the targets say, against an embedded PostgreSQL of its own in DATA_DIR/bench.",
);
program
  .command("crawl")
  .description("posts per second, memory, requests of an update pass, politeness")
  .option("--posts <n>", "in the simulated forum", count, 200_000)
  .action(({ posts }) => record(`crawl --posts ${posts}`, () => benchCrawl(posts)));
program
  .command("kills")
  .description("kills a crawl again and again, restarts PostgreSQL among that, and compares the end")
  .option("--times <n>", "how often", count, 200)
  .action(({ times }) => record(`kills --times ${times}`, () => benchKills(times)));
program
  .command("patrol")
  .description("a month of changes that no listing tells of: how many are found, and what that costs")
  .option("--passes <n>", "a day", count, 8)
  .action(({ passes }) => record(`patrol --passes ${passes}`, () => benchPatrol(passes)));
program
  .command("analyze")
  .description("full and incremental run on a synthetic database, memory, size")
  .option("--posts <n>", "in the synthetic database", count, 1_000_000)
  .action(({ posts }) => record(`analyze --posts ${posts}`, () => benchAnalyze(posts)));
program
  .command("api")
  .description("latency and throughput of the server over the database that `analyze` left")
  .option("--posts <n>", "that `analyze` made, for the title", count, 1_000_000)
  .action(({ posts }) => record(`api --posts ${posts}`, benchApi));

program
  .command("search")
  .description("building the search index and asking it, over the database that `analyze` left")
  .action(() => record("search", benchSearch));
program
  .command("neighbours")
  .description("readers' answers and latency while one client does its worst, tables are locked and others leave")
  .option("--minutes <n>", "of locked tables and readers who leave", count, 1)
  .action(({ minutes }) => record(`neighbours --minutes ${minutes}`, () => benchNeighbours(minutes)));
program
  .command("web")
  .description("size, loading, typing and scrolling in a browser, over what `analyze` and `search` left")
  .action(() => record("web", benchWeb));

await run(program);
