/** Posts through the BBCode pass: quotes and links. Those without a tag, most of them, don't leave the database. */
import { type ParsedPost, parsePost } from "@potstats/bbcode/parse";
import type { Phase } from "@potstats/cli/progress";
import type { Transaction } from "@potstats/db/connect";
import { type Copy, copyInto, type CopyValue } from "@potstats/db/copy";
import * as baked from "@potstats/db/baked";
import { getTableName } from "drizzle-orm";
import type { Maker } from "./make.ts";

interface PostRow {
  pid: number;
  content: string;
}

const columns = {
  quotes: ["pid", "quoted_pid", "count"],
  links: ["pid", "type", "url", "domain", "count"],
  faults: ["pid", "malformed_quotes", "unparsable_links"],
};
const tables = { quotes: baked.postQuotes, links: baked.postLinks, faults: baked.postFaults };
type Kind = keyof typeof tables;
const kinds = Object.keys(tables) as Kind[];

/** Where the rows of the derived tables go that posts yield. */
type Rows = Record<Kind, (values: CopyValue[]) => void>;

const chunk = 5000;

const copyTo = <T>(writer: Transaction, kind: Kind, work: (copy: Copy) => Promise<T>) =>
  copyInto(writer, `baked_next.${getTableName(tables[kind])}`, columns[kind], work);

/** Broken markup, in how many places. */
export type Faults = Record<"malformed_quotes" | "unparsable_links", number>;

/**
 * Makes post_quotes, post_links and post_faults of all posts.
 * @param reader of the crawled tables
 * @param forum what stands before `/bb/…`, for relative addresses
 */
export async function bakePosts(
  reader: Transaction,
  { make }: Maker,
  forum: string,
  phase: Phase,
  signal?: AbortSignal,
): Promise<Faults> {
  const found: Faults = { malformed_quotes: 0, unparsable_links: 0 };
  // Waited for once a batch: doing so for each row takes longer than reading the post.
  const untilTaken: Promise<unknown>[] = [];
  const into = (kind: Kind, work: (rows: Rows[Kind]) => Promise<unknown>) =>
    make(tables[kind], (writer) =>
      copyTo(writer, kind, async (copy) => {
        let count = 0;
        await work((values) => {
          count++;
          const taken = copy.row(values);
          if (taken) untilTaken.push(taken);
        });
        return count;
      }),
    );
  await into("quotes", (quotes) =>
    into("links", (links) =>
      into("faults", async (faults) => {
        const posts = reader<
          PostRow[]
        >`select pid, content from public.post_contents where position('[' in content) > 0`;
        for await (const batch of posts.cursor(chunk)) {
          signal?.throwIfAborted();
          for (const row of batch) {
            const parsed = bakePost(row, forum, { quotes, links, faults });
            found.malformed_quotes += parsed.malformedQuotes;
            found.unparsable_links += parsed.unparsableLinks;
          }
          await Promise.all(untilTaken.splice(0));
          phase.add(batch.length);
        }
      }),
    ),
  );
  return found;
}

/** The same with the posts of `baked_next.changed_posts`, all through one connection. */
export async function bakeChangedPosts(
  sql: Transaction,
  forum: string,
  phase: Phase,
  signal?: AbortSignal,
): Promise<void> {
  for (let last = -1; ;) {
    signal?.throwIfAborted();
    const batch = await sql<PostRow[]>`
      select pid, coalesce(content, '') as content
      from (select pid from baked_next.changed_posts where pid > ${last} order by pid limit ${chunk}) changed
      left join public.post_contents using (pid) order by pid`;
    const gathered: Record<Kind, CopyValue[][]> = { quotes: [], links: [], faults: [] };
    const into = (kind: Kind) => (values: CopyValue[]) => void gathered[kind].push(values);
    for (const row of batch)
      bakePost(row, forum, { quotes: into("quotes"), links: into("links"), faults: into("faults") });
    for (const kind of kinds)
      await copyTo(sql, kind, async (rows) => {
        for (const values of gathered[kind]) await rows.row(values);
      });
    phase.add(batch.length);
    if (batch.length < chunk) return;
    last = batch.at(-1)?.pid ?? 0;
  }
}

function bakePost({ pid, content }: PostRow, forum: string, to: Rows): ParsedPost {
  const parsed = parsePost(content, forum);
  const { quotes, links, malformedQuotes, unparsableLinks } = parsed;
  for (const [quoted, count] of quotes) to.quotes([pid, quoted, count]);
  for (const { type, url, domain, count } of links) to.links([pid, type, url, domain, count]);
  if (malformedQuotes + unparsableLinks > 0) to.faults([pid, malformedQuotes, unparsableLinks]);
  return parsed;
}
