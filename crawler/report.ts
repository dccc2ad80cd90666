/** Prints the totals of this run and of all runs. */
import { duration, size } from "@potstats/cli/progress";
import type { Sql } from "@potstats/db/connect";
import type { CrawlSummary } from "./crawl.ts";

const counters = {
  num_api_requests: "API requests",
  retries: "retries",
  rx_bytes: "received",
  tx_bytes: "sent",
  posts_added: "posts added",
  posts_changed: "posts changed",
  posts_hidden: "posts hidden",
  threads_added: "threads added",
  threads_gone: "threads gone",
} as const;

type Totals = Record<keyof typeof counters, number> & { nomnom_time: number };

/** Prints the summary: a table, or one JSON object. */
export async function report(sql: Sql, summary: CrawlSummary, options: { json: boolean }): Promise<void> {
  const [totals] = await sql<Totals[]>`select * from worldeater_state`;
  if (options.json) {
    console.log(JSON.stringify({ type: "summary", ...summary, all_time: totals ?? null }));
    return;
  }
  const row = (name: string, run: number | string, all: number | string) =>
    `${name.padEnd(16)}${String(run).padStart(16)}${String(all).padStart(18)}`;
  const grouped = (value: number) => value.toLocaleString("en-GB");
  const formatted = (key: keyof typeof counters, value: number) =>
    key.endsWith("_bytes") ? size(value) : grouped(value);
  console.log(row("", "this run", "all time"));
  for (const [key, name] of Object.entries(counters) as [keyof typeof counters, string][])
    console.log(row(name, formatted(key, summary[key]), formatted(key, totals?.[key] ?? 0)));
  console.log(row("time", duration(summary.time_s), duration(totals?.nomnom_time ?? 0)));
  const { profiles } = summary;
  if (profiles.profiles + profiles.not_found.length + profiles.shadowed.length > 0) {
    console.log(`profiles read: ${grouped(profiles.profiles)}`);
    if (profiles.not_found.length > 0) console.log(`not found: ${profiles.not_found.join(", ")}`);
    if (profiles.shadowed.length > 0) console.log(`shadowed by another user's name: ${profiles.shadowed.join(", ")}`);
  }
  if (summary.skipped_posts > 0) console.log(`skipped posts without a valid id: ${grouped(summary.skipped_posts)}`);
  if (summary.values_cut > 0)
    console.log(`values truncated because they were too long: ${grouped(summary.values_cut)}`);
  if (summary.failures.length > 0)
    console.log(`could not be read:\n${summary.failures.map(({ what, reason }) => `  ${what}: ${reason}`).join("\n")}`);
  if (summary.interrupted) console.log("interrupted; the next run continues from here");
}
