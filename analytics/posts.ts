/**
 * Posts through the BBCode pass: quotes, links and own text. In a full run posts that are plain text don't leave the database,
 * which is most of them: own text is what they are.
 */
import type { Phase } from "@potstats/cli/progress";
import { type ParsedPost, parsePost } from "./bbcode.ts";
import { copyInto, type CopyValue, type Transaction } from "@potstats/db/copy";
import { repair } from "./repair.ts";
import { type Snapshot, together } from "./snapshot.ts";

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

const shown = `
  p.is_hidden is null and p.gone_at is null and t.tid is not null and t.gone_at is null
  and p.poster_uid is not null and p.timestamp is not null as is_shown, greatest(p.revision, t.revision) as revision`;
const everyPost =
  "from public.posts p left join public.threads t using (tid) left join public.post_contents c using (pid)";
const selectPosts = `select p.pid, p.tid, c.title, c.content, ${shown} ${everyPost}`;

/**
 * Posts of which own text and title are not simply what stands there: with tags or character references, with one of the letters
 * that the forum garbles, all of which begin with the byte C2 in UTF-8, or with white space at an end: one of ASCII's, or one of
 * the characters of three bytes, which begin with E1 or above.
 */
const needReading = `case
  when coalesce(c.title, '') <> '' then true
  when coalesce(c.content, '') = '' then false
  when c.content like '%[%' then true
  else (
    select position('\\xc2'::bytea in bytes) > 0 or position('&#'::bytea in bytes) > 0
      or get_byte(bytes, 0) in (9, 10, 11, 12, 13, 32) or get_byte(bytes, 0) >= 225
      or get_byte(bytes, length(bytes) - 1) in (9, 10, 11, 12, 13, 32) or get_byte(bytes, greatest(length(bytes) - 3, 0)) >= 225
    from (select convert_to(c.content, 'UTF8') as bytes offset 0) of_content
  ) end`;

/** The rows of post_texts that plain posts yield. */
const plainTexts = `
  insert into baked_next.post_texts (${columns.texts.join(", ")})
  select pid, tid, is_shown and own_text <> '', '', case when is_shown then own_text else '' end, false, false, false, 0, 0, revision
  from (
    select p.pid, p.tid, coalesce(c.content, '') as own_text, ${shown} ${everyPost} where not ${needReading}
  ) plain`;

const copyTo = <T>(writer: Transaction, kind: Kind, work: (rows: Rows[Kind]) => Promise<T>) =>
  copyInto(writer, `baked_next.${tables[kind]}`, columns[kind], work);

/** What posts have yielded. */
type Yield = Record<"posts" | "quotes" | "malformed_quotes" | "links" | "unparsable_links", number>;

/**
 * Fills post_quotes, post_links and post_texts of `baked_next` with all posts.
 * @param forum what stands before `/bb/…`, for relative addresses
 */
export async function bakePosts(snapshot: Snapshot, forum: string, phase: Phase, signal?: AbortSignal): Promise<Yield> {
  const { read, write } = snapshot;
  const counts: Yield = { posts: 0, quotes: 0, malformed_quotes: 0, links: 0, unparsable_links: 0 };
  const plain = async () => {
    const { count } = await read((reader) => reader.unsafe(plainTexts));
    phase.add(count);
    counts.posts += count;
  };
  const others = () =>
    read((reader) =>
      write((forQuotes) =>
        write((forLinks) =>
          write((forTexts) =>
            copyTo(forQuotes, "quotes", (quotes) =>
              copyTo(forLinks, "links", (links) =>
                copyTo(forTexts, "texts", async (texts) => {
                  const rows = reader.unsafe<PostRow[]>(`${selectPosts} where ${needReading}`);
                  for await (const batch of rows.cursor(chunk)) {
                    signal?.throwIfAborted();
                    for (const row of batch) {
                      const parsed = await bakePost(row, forum, { quotes, links, texts });
                      counts.quotes += parsed.quotes.size;
                      counts.malformed_quotes += parsed.malformedQuotes;
                      counts.links += parsed.links.length;
                      counts.unparsable_links += parsed.unparsableLinks;
                    }
                    counts.posts += batch.length;
                    phase.add(batch.length);
                  }
                }),
              ),
            ),
          ),
        ),
      ),
    );
  await together([plain, others]);
  return counts;
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
    const batch = await sql.unsafe<PostRow[]>(
      `${selectPosts}
      where p.pid in (select pid from baked_next.changed_posts where pid > $1 order by pid limit $2)
      order by p.pid`,
      [last, chunk],
    );
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

async function bakePost(row: PostRow, forum: string, to: Rows): Promise<ParsedPost> {
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
  return parsed;
}
