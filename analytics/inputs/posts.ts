/**
 * Parses BBCode: what posts quote and link to, and broken quotes and links. Most posts contain no tag, and those never
 * leave the database.
 */
import { type ParsedPost, parsePost } from "@potstats/bbcode/parse";
import type { Phase } from "@potstats/cli/progress";
import * as baked from "@potstats/db/baked";
import { createTable } from "@potstats/db/baked-ddl";
import type { Transaction } from "@potstats/db/connect";
import { type Copy, copyInto, type CopyValue } from "@potstats/db/copy";
import type { Row } from "@potstats/db/row";
import * as crawled from "@potstats/db/crawled";
import { getTableName } from "drizzle-orm";
import type { Faults } from "../counts.ts";
import type { TableBuilder } from "../table-builder.ts";
import { batchSize } from "./rows.ts";

const tables = { quotes: baked.postQuotes, links: baked.postLinks, faults: baked.postFaults };
type Kind = keyof typeof tables;
const kinds = Object.keys(tables) as Kind[];

/** The tables derived from the posts' markup. */
export const markupTables = Object.values(tables);

/**
 * In the order of the values in {@link writePost}: naming each value would take longer than parsing the post.
 */
const columns: { [K in Kind]: (keyof Row<(typeof tables)[K]>)[] } = {
  quotes: ["pid", "quoted_pid", "count"],
  links: ["pid", "type", "url", "domain", "count"],
  faults: ["pid", "malformed_quotes", "unparsable_links"],
};

type Content = Pick<Row<typeof crawled.postContents>, "pid"> & { content: string };

/** A function per table that writes a row. */
type Writers = Record<Kind, (values: CopyValue[]) => void>;

const copyTo = <T>(writer: Transaction, kind: Kind, work: (copy: Copy) => Promise<T>) =>
  copyInto(writer, `baked_next.${getTableName(tables[kind])}`, columns[kind], work);

/**
 * Derives `post_quotes`, `post_links` and `post_faults` from all posts.
 * @param reader a transaction that reads the crawled tables
 * @param forumUrl the address before `/bb/…`, for relative addresses
 * @returns the number of broken quotes and links
 */
export async function deriveMarkupTables(
  reader: Transaction,
  { create }: TableBuilder,
  forumUrl: string,
  phase: Phase,
  signal?: AbortSignal,
): Promise<Faults> {
  const faultCounts: Faults = { malformed_quotes: 0, unparsable_links: 0 };
  // Awaited once per batch: awaiting each row would take longer than parsing the post.
  const pending: Promise<unknown>[] = [];
  const into = (kind: Kind, work: (write: Writers[Kind]) => Promise<unknown>) =>
    create(tables[kind], (writer) =>
      copyTo(writer, kind, async (copy) => {
        let count = 0;
        await work((values) => {
          count++;
          const sent = copy.row(values);
          if (sent) pending.push(sent);
        });
        return count;
      }),
    );
  await into("quotes", (quotes) =>
    into("links", (links) =>
      into("faults", async (faults) => {
        const posts = reader<Content[]>`
          select pid, content from public.post_contents where position('[' in content) > 0`;
        for await (const batch of posts.cursor(batchSize)) {
          signal?.throwIfAborted();
          for (const post of batch) {
            const parsed = writePost(post, forumUrl, { quotes, links, faults });
            faultCounts.malformed_quotes += parsed.malformedQuotes;
            faultCounts.unparsable_links += parsed.unparsableLinks;
          }
          await Promise.all(pending.splice(0));
          phase.add(batch.length);
        }
      }),
    ),
  );
  return faultCounts;
}

/** Derives the same tables from the posts in `baked_next.changed_posts`, all on one connection. */
export async function deriveChangedMarkupTables(
  sql: Transaction,
  forumUrl: string,
  phase: Phase,
  signal?: AbortSignal,
): Promise<void> {
  await sql.unsafe(markupTables.map((table) => createTable(table, "baked_next")).join(";"));
  for (let last = -1; ;) {
    signal?.throwIfAborted();
    const batch = await sql<Content[]>`
      select pid, coalesce(content, '') as content
      from (select pid from baked_next.changed_posts where pid > ${last} order by pid limit ${batchSize}) changed
      left join public.post_contents using (pid) order by pid`;
    const rows: Record<Kind, CopyValue[][]> = { quotes: [], links: [], faults: [] };
    const into = (kind: Kind) => (values: CopyValue[]) => void rows[kind].push(values);
    const writers = { quotes: into("quotes"), links: into("links"), faults: into("faults") };
    for (const post of batch) writePost(post, forumUrl, writers);
    for (const kind of kinds)
      await copyTo(sql, kind, async (copy) => {
        for (const values of rows[kind]) await copy.row(values);
      });
    phase.add(batch.length);
    if (batch.length < batchSize) return;
    last = batch.at(-1)?.pid ?? 0;
  }
}

function writePost({ pid, content }: Content, forumUrl: string, write: Writers): ParsedPost {
  const parsed = parsePost(content, forumUrl);
  const { quotes, links, malformedQuotes, unparsableLinks } = parsed;
  for (const [quotedPid, count] of quotes) write.quotes([pid, quotedPid, count]);
  for (const { type, url, domain, count } of links) write.links([pid, type, url, domain, count]);
  if (malformedQuotes + unparsableLinks > 0) write.faults([pid, malformedQuotes, unparsableLinks]);
  return parsed;
}
