/** Streams every post through the BBCode pass: quotes, links and own text. */
import type { Phase } from "@potstats/cli/progress";
import { parsePost } from "./bbcode.ts";
import { type Copy, copyInto } from "./copy.ts";
import { repair } from "./repair.ts";
import type { Snapshot } from "./snapshot.ts";

export interface PostCounts {
  posts: number;
  quotes: number;
  malformed_quotes: number;
  links: number;
  unparsable_links: number;
}

interface PostRow {
  pid: number;
  title: string | null;
  content: string | null;
  is_shown: boolean;
  revision: number;
}

const chunk = 5000;

/**
 * Fills post_quotes, post_links and post_texts of `baked_next`.
 * @param forum what stands before `/bb/…`, for relative addresses
 */
export async function bakePosts(
  snapshot: Snapshot,
  forum: string,
  phase: Phase,
  signal?: AbortSignal,
): Promise<PostCounts> {
  const counts: PostCounts = { posts: 0, quotes: 0, malformed_quotes: 0, links: 0, unparsable_links: 0 };
  await snapshot.read((reader) =>
    snapshot.write((forQuotes) =>
      snapshot.write((forLinks) =>
        snapshot.write((forTexts) =>
          copyInto(forQuotes, "baked_next.post_quotes", quoteColumns, (quotes) =>
            copyInto(forLinks, "baked_next.post_links", linkColumns, (links) =>
              copyInto(forTexts, "baked_next.post_texts", textColumns, async (texts) => {
                const rows = reader<PostRow[]>`
                  select p.pid, c.title, c.content, greatest(p.revision, t.revision) as revision,
                         p.is_hidden is null and p.gone_at is null and t.tid is not null and t.gone_at is null
                           and p.poster_uid is not null and p.timestamp is not null as is_shown
                  from posts p left join threads t using (tid) left join post_contents c using (pid)`;
                for await (const batch of rows.cursor(chunk)) {
                  signal?.throwIfAborted();
                  for (const row of batch) await bakePost(row, forum, { quotes, links, texts }, counts);
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
  return counts;
}

const quoteColumns = ["pid", "quoted_pid", "count"];
const linkColumns = ["pid", "type", "url", "domain", "count"];
const textColumns = ["pid", "is_searchable", "title", "own_text", "has_link", "has_image", "has_video", "revision"];

async function bakePost(
  row: PostRow,
  forum: string,
  to: { quotes: Copy; links: Copy; texts: Copy },
  counts: PostCounts,
): Promise<void> {
  const parsed = parsePost(row.content ?? "", forum);
  for (const [quoted, count] of parsed.quotes) await to.quotes.row([row.pid, quoted, count]);
  const types = new Set<string>();
  for (const { type, url, domain, count } of parsed.links) {
    types.add(type);
    await to.links.row([row.pid, type, url, domain, count]);
  }
  const title = repair((row.title ?? "").trim());
  const isSearchable = row.is_shown && (parsed.ownText !== "" || title !== "");
  await to.texts.row([
    row.pid,
    isSearchable,
    isSearchable ? title : "",
    isSearchable ? parsed.ownText : "",
    types.has("link"),
    types.has("image"),
    types.has("video"),
    row.revision,
  ]);
  counts.quotes += parsed.quotes.size;
  counts.malformed_quotes += parsed.malformedQuotes;
  counts.links += parsed.links.length;
  counts.unparsable_links += parsed.unparsableLinks;
}
