/** Counts what completion offers: tags, and kinds of links. */
import type { Sql } from "@potstats/db/connect";
import { foldWords } from "@potstats/bbcode/fold";

/** Pids per row of `link_counts`. */
const blockSize = 100_000;

/** @param since the revision up to which the tables are filled; undefined for new ones */
export async function fillCompletions(sql: Sql, schema: string, since: number | undefined): Promise<void> {
  await countTags(sql, schema);
  await countLinks(sql, schema, since);
}

/** There are far fewer tags than threads: all of them are counted each time. */
async function countTags(sql: Sql, schema: string): Promise<void> {
  const rows = await sql<{ tag: string; count: number }[]>`
    select tag, count(*)::int as count
    from baked.threads, jsonb_array_elements_text(tags) tag
    where not is_gone and tags <> '[]' group by tag order by count desc, tag`;
  const counts = new Map<string, { tag: string; count: number }>();
  for (const { tag, count } of rows) {
    const folded = foldWords(tag).join(" ");
    const counted = counts.get(folded);
    if (counted) counted.count += count;
    else if (folded !== "") counts.set(folded, { tag, count });
  }
  const tags = [...counts];
  await sql.begin(async (transaction) => {
    await transaction`delete from ${sql(schema)}.tags`;
    await transaction`
      insert into ${sql(schema)}.tags (folded, tag, thread_count)
      select * from unnest(${tags.map(([folded]) => folded)}::text[], ${tags.map(([, { tag }]) => tag)}::text[],
                           ${tags.map(([, { count }]) => count)}::int[])`;
  });
}

/** Counts again the blocks of posts that changed. */
async function countLinks(sql: Sql, schema: string, since = -1): Promise<void> {
  const rows = await sql<{ block: number }[]>`
    select distinct pid / ${blockSize} as block from public.posts where revision > ${since}`;
  const blocks = rows.map(({ block }) => block);
  await sql.begin(async (transaction) => {
    await transaction`delete from ${sql(schema)}.link_counts where block = any(${blocks})`;
    await transaction`
      insert into ${sql(schema)}.link_counts (block, kind, post_count)
      select block, type, count(distinct pid)
      from unnest(${blocks}::bigint[]) block
      join baked.post_links on pid between block * ${blockSize} and block * ${blockSize} + ${blockSize - 1}
      group by 1, 2`;
  });
}
