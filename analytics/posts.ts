/** Posts through the BBCode pass: quotes, links and own text. */
import type { Phase } from "@potstats/cli/progress";
import { parsePost } from "./bbcode.ts";
import { copyInto, type CopyValue, type Transaction } from "./copy.ts";
import { repair } from "./repair.ts";
import type { Snapshot } from "./snapshot.ts";

interface PostRow {
  pid: number;
  tid: number | null;
  title: string | null;
  content: string | null;
  is_shown: boolean;
  revision: number;
}

/** Where the rows of the derived tables go that posts yield. */
type Rows = Record<"quotes" | "links" | "texts", { row(values: CopyValue[]): Promise<unknown> | undefined }>;

const columns = {
  quotes: ["pid", "quoted_pid", "count"],
  links: ["pid", "type", "url", "domain", "count"],
  texts: [
    "pid",
    "tid",
    "is_searchable",
    "title",
    "own_text",
    "has_link",
    "has_image",
    "has_video",
    "malformed_quotes",
    "unparsable_links",
    "revision",
  ],
};
const tables = { quotes: "post_quotes", links: "post_links", texts: "post_texts" };
type Kind = keyof typeof tables;

const chunk = 5000;

const selectPosts = (reader: Transaction) => reader`
  select p.pid, p.tid, c.title, c.content, greatest(p.revision, t.revision) as revision,
         p.is_hidden is null and p.gone_at is null and t.tid is not null and t.gone_at is null
           and p.poster_uid is not null and p.timestamp is not null as is_shown
  from posts p left join threads t using (tid) left join post_contents c using (pid)`;

const copyTo = <T>(writer: Transaction, kind: Kind, work: (rows: Rows[Kind]) => Promise<T>) =>
  copyInto(writer, `baked_next.${tables[kind]}`, columns[kind], work);

/**
 * Fills post_quotes, post_links and post_texts of `baked_next` with all posts.
 * @param forum what stands before `/bb/…`, for relative addresses
 */
export async function bakePosts(snapshot: Snapshot, forum: string, phase: Phase, signal?: AbortSignal): Promise<void> {
  const { read, write } = snapshot;
  await read((reader) =>
    write((forQuotes) =>
      write((forLinks) =>
        write((forTexts) =>
          copyTo(forQuotes, "quotes", (quotes) =>
            copyTo(forLinks, "links", (links) =>
              copyTo(forTexts, "texts", async (texts) => {
                const rows = reader<PostRow[]>`${selectPosts(reader)}`;
                for await (const batch of rows.cursor(chunk)) {
                  signal?.throwIfAborted();
                  for (const row of batch) await bakePost(row, forum, { quotes, links, texts });
                  phase.add(batch.length);
                }
              }),
            ),
          ),
        ),
      ),
    ),
  );
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
      ${selectPosts(sql)}
      where p.pid in (select pid from baked_next.changed_posts where pid > ${last} order by pid limit ${chunk})
      order by p.pid`;
    const gathered: Record<Kind, CopyValue[][]> = { quotes: [], links: [], texts: [] };
    const into = (kind: Kind) => ({ row: (values: CopyValue[]) => void gathered[kind].push(values) });
    for (const row of batch)
      await bakePost(row, forum, { quotes: into("quotes"), links: into("links"), texts: into("texts") });
    for (const kind of ["quotes", "links", "texts"] as const)
      await copyTo(sql, kind, async (rows) => {
        for (const values of gathered[kind]) await rows.row(values);
      });
    phase.add(batch.length);
    if (batch.length < chunk) return;
    last = batch.at(-1)?.pid ?? 0;
  }
}

async function bakePost(row: PostRow, forum: string, to: Rows): Promise<void> {
  const { pid, tid, revision } = row;
  const parsed = parsePost(row.content ?? "", forum);
  for (const [quoted, count] of parsed.quotes) await to.quotes.row([pid, quoted, count]);
  const types = new Set<string>();
  for (const { type, url, domain, count } of parsed.links) {
    types.add(type);
    await to.links.row([pid, type, url, domain, count]);
  }
  const title = repair((row.title ?? "").trim());
  const isSearchable = row.is_shown && (parsed.ownText !== "" || title !== "");
  await to.texts.row([
    pid,
    tid,
    isSearchable,
    isSearchable ? title : "",
    isSearchable ? parsed.ownText : "",
    types.has("link"),
    types.has("image"),
    types.has("video"),
    parsed.malformedQuotes,
    parsed.unparsableLinks,
    revision,
  ]);
}
