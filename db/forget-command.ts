/** `bun run db forget`: one user, in all that this system keeps. */
import { access } from "node:fs/promises";
import { join } from "node:path";
import { CommandError, exitCodes } from "@potstats/cli/command";
import { openProgress, type Progress } from "@potstats/cli/progress";
import { type Command, InvalidArgumentError } from "commander";
import { another } from "./another.ts";
import type { Sql } from "./connect.ts";
import { forget, whoIs } from "./forget.ts";
import { withLock } from "./locks.ts";
import { openDatabase } from "./open.ts";
import { scrub, sizeToRewrite } from "./scrub.ts";

const maximumUid = 2 ** 31 - 1;

function uid(text: string): number {
  const number = Number(text);
  if (!/^\d{1,10}$/.test(text) || number < 1 || number > maximumUid)
    throw new InvalidArgumentError(`must be a user's number, from 1 to ${maximumUid}`);
  return number;
}

interface Needed {
  DATABASE_URL: string | undefined;
  DATA_DIR: string;
  MEILI_URL: string | undefined;
  REDIS_URL: string | undefined;
  UPSTASH_REDIS_REST_URL: string | undefined;
}

/** Adds the command to the program. */
export function addForget(program: Command, readNeeded: () => Needed): void {
  program
    .command("forget")
    .description("make a user's name, profile, avatar and texts vanish for good; their posts stay as anonymous counts")
    .argument("<uid>", "the user", uid)
    .option("--yes", "do it; without it, only tell who that is and what it takes")
    .addHelpText(
      "after",
      `
Statistics and search are made anew, and the tables that held it are rewritten, so that no file keeps a byte of it; what
others wrote in their own words stays, and so do thread titles. Interrupted or failed, it is finished by running it again.

Examples:
  bun run db forget 4711          who that is, and what it takes
  bun run db forget 4711 --yes    forget them`,
    )
    .action(async (user: number, { yes = false }: { yes?: boolean }) => {
      const settings = readNeeded();
      const progress = openProgress();
      const database = await openDatabase(settings, { say: progress.note });
      try {
        if (yes) await forgetEverywhere(database.sql, user, settings, progress);
        else console.log(await preview(database.sql, user));
      } finally {
        progress.close();
        await database.close();
      }
    });
}

/** Bytes a second at which a table is rewritten on a slow disk. */
const rewriting_bytes_s = 50e6;

async function preview(sql: Sql, user: number): Promise<string> {
  const { name, posts, forgotten_at } = await whoIs(sql, user);
  const { bytes, shown } = await sizeToRewrite(sql);
  const minutes = Math.max(1, Math.ceil(bytes / rewriting_bytes_s / 60));
  return [
    `user ${user}${name ? `, ${name}` : ", without a name"}, ${posts} posts${forgotten_at ? `, forgotten on ${forgotten_at.toISOString().slice(0, 10)}` : ""}: add --yes to forget them; only a backup could bring that back`,
    `It makes statistics and search anew, which keeps nobody from reading, and then rewrites ${shown} of tables: that needs as much free disk, and whoever searches may wait up to ${minutes} min for it.`,
  ].join("\n");
}

async function forgetEverywhere(
  sql: Sql,
  user: number,
  { DATA_DIR, MEILI_URL, REDIS_URL, UPSTASH_REDIS_REST_URL }: Needed,
  progress: Progress & { close(): void },
): Promise<void> {
  await whoIs(sql, user);
  const { posts, quoting, broken } = await forget(sql, user, join(DATA_DIR, "broken"), progress);
  console.log(`${posts} texts gone, ${quoting} posts of others no longer quote them`);
  if (broken > 0) console.log(`${broken} broken documents deleted`);
  // In full: an incremental run changes rows, and leaves the old ones in pages and in Meilisearch's files.
  const started = new Date();
  for (const name of ["analyze", "index"] as const) await stage(sql, name, progress);
  const embedded = join(DATA_DIR, "meilisearch/db");
  const isLeft = await exists(embedded);
  if (isLeft && !MEILI_URL && !(await isFilled(sql, started)))
    throw new CommandError(
      `the embedded Meilisearch does not run, and ${embedded} still holds it: delete that folder and run this again`,
    );
  const remains = await scrub(sql, progress);
  if (REDIS_URL ?? UPSTASH_REDIS_REST_URL) {
    await another("cache", "invalidate");
    remains.push("Redis holds it in its own files, if it keeps any, until it writes them again (BGSAVE, BGREWRITEAOF)");
  }
  if (isLeft && MEILI_URL) remains.push(`${embedded} is of an embedded Meilisearch that is no longer used: delete it`);
  progress.close();
  console.log(`user ${user} is forgotten`);
  console.log("What remains, and until when:");
  for (const rest of [...remains, ...always]) console.log(`- ${rest}`);
}

/** What no command can reach. */
const always = [
  "backups and copies of the database hold it until you delete them",
  "browsers and proxies may show an answer they have for another minute",
  "thread titles, and what others wrote in their own words",
];

/** Whether Meilisearch's indexes were made anew since. */
async function isFilled(sql: Sql, since: Date): Promise<boolean> {
  const rows = await sql`select 1 from search.state where engine = 'meilisearch' and finished_at >= ${since}`;
  return rows.length > 0;
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

/** Runs a stage as the operator would; one that is running already is waited for. @throws CommandError when it fails */
async function stage(sql: Sql, name: "analyze" | "index", progress: Progress): Promise<void> {
  while ((await another(name, "--full")) === exitCodes.running) {
    progress.note(`waits for the ${name} that is running`);
    await withLock(sql, name, async () => {}, { wait: true });
  }
}
