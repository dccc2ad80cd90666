/** `bun run bench`: measures speed and memory, compares them with the targets, and records them in RESULTS.md. */
import { Command } from "@commander-js/extra-typings";
import { whole } from "@potstats/cli/arguments";
import { run } from "@potstats/cli/command";
import { benchAll } from "./all.ts";
import { benchAnalyze } from "./analyze.ts";
import { benchApi } from "./api.ts";
import { benchCrawl } from "./crawl.ts";
import { benchKills } from "./kills.ts";
import { benchEvening } from "./evening.ts";
import { benchIsolation } from "./isolation.ts";
import { benchPatrol } from "./patrol.ts";
import { benchRelevance } from "./relevance.ts";
import { record } from "./results.ts";
import { benchSearch } from "./search.ts";
import { benchSeveral } from "./several.ts";
import { benchWeb } from "./web.ts";

/** The limit is only there to reject typing errors. */
const count = whole(1, 1_000_000_000);

const program = new Command("bun run bench")
  .description(
    "Measures speed and memory and compares them with the targets, on a separate embedded PostgreSQL in DATA_DIR/bench. " +
      "Each bench replaces its section of bench/RESULTS.md, which is committed.",
  )
  .addHelpText(
    "after",
    "\nExamples:\n  bun run bench analyze --posts 100000\n  bun run bench api\n  bun run bench crawl --help",
  );
program
  .command("all")
  .description(
    "measure all stages: crawl (at most 2,000,000 posts, its rate is the same beyond), analyze, search, api and web",
  )
  .option("--posts <n>", "posts in the forum", count, 1_000_000)
  .action(({ posts }) => benchAll(posts));
program
  .command("crawl")
  .description("measure the crawler: posts per second, memory, requests of an update pass, politeness")
  .option("--posts <n>", "posts in the simulated forum", count, 200_000)
  .action(({ posts }) => record(`crawl --posts ${posts}`, () => benchCrawl(posts)));
program
  .command("kills")
  .description(
    "kill a crawl repeatedly, restart PostgreSQL in between, and compare the result with an undisturbed crawl",
  )
  .option("--times <n>", "number of kills", count, 200)
  .action(({ times }) => record(`kills --times ${times}`, () => benchKills(times)));
program
  .command("patrol")
  .description("simulate a month of changes that no listing shows: measure how many are found, with how many requests")
  .option("--passes <n>", "update passes per day", count, 8)
  .action(({ passes }) => record(`patrol --passes ${passes}`, () => benchPatrol(passes)));
program
  .command("analyze")
  .description("measure full and incremental runs of the analytics on a synthetic database: time, memory, size")
  .option("--posts <n>", "posts in the synthetic database", count, 1_000_000)
  .option("--scattered", "anybody posts anywhere at any time, in a database of its own")
  .option("--server <url>", "measure on this PostgreSQL server, in databases of the bench, not on the embedded one")
  .action(({ posts, scattered: isScattered = false, server }) =>
    record(`analyze --posts ${posts}${isScattered ? " --scattered" : ""}${server ? " --server" : ""}`, () =>
      benchAnalyze({ posts, isScattered, server }),
    ),
  );
program
  .command("api")
  .description("measure latency and throughput of the server, with the database of `bench analyze`")
  .option("--posts <n>", "posts that `bench analyze` created, for the title of the results", count, 1_000_000)
  .action(({ posts }) => record(`api --posts ${posts}`, benchApi));

program
  .command("search")
  .description("measure building and querying the search index, with the database of `bench analyze`")
  .option("--posts <n>", "posts that `bench analyze` created, for the title of the results", count, 1_000_000)
  .option("--kills", "kill the build in the middle, once per engine")
  .action(({ posts, kills = false }) => record(`search --posts ${posts}`, () => benchSearch(kills)));
program
  .command("relevance")
  .description("score the first results of judged queries, on judged threads among the posts of the simulated forum")
  .option("--posts <n>", "posts in the simulated forum", whole(1000, 1_000_000), 20_000)
  .action(({ posts }) => record(`relevance --posts ${posts}`, () => benchRelevance(posts)));
program
  .command("isolation")
  .description(
    "measure correctness and latency for readers while one client is hostile, tables are locked and requests are canceled",
  )
  .option("--minutes <n>", "minutes of locked tables and canceled requests", count, 1)
  .action(({ minutes }) => record(`isolation --minutes ${minutes}`, () => benchIsolation(minutes)));
program
  .command("evening")
  .description(
    "measure an evening: readers who open pages, a hostile client and update passes, with Redis and without; with the " +
      "databases of `bench analyze` and `bench search`",
  )
  .option("--readers <n>", "readers at a time", count, 500)
  .option("--minutes <n>", "minutes of each evening", count, 10)
  .action((options) => record(`evening --readers ${options.readers}`, () => benchEvening(options)));
program
  .command("several")
  .description(
    "two servers behind nginx, with Redis, a PostgreSQL primary and its replica, and Meilisearch: one after the other " +
      "fails under load, and no request may fail or be answered wrongly",
  )
  .option("--posts <n>", "posts in the synthetic forum", count, 100_000)
  .action(({ posts }) => record(`several --posts ${posts}`, () => benchSeveral(posts)));
program
  .command("web")
  .description(
    "measure loading, typing and scrolling in a browser, with the results of `bench analyze` and `bench search`",
  )
  .action(() => record("web", benchWeb));

await run(program);
