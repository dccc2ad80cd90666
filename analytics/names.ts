/** Users, boards and threads as people see them: repaired names and titles. */
import { copyInto, type CopyValue, type Transaction } from "./copy.ts";
import { repair } from "./repair.ts";

const chunk = 5000;

/** Names of users, lower-cased by Unicode's rules whatever the database's collation. */
export function bakeUsers(reader: Transaction, writer: Transaction): Promise<void> {
  return copyInto(writer, "baked_next.users", ["uid", "name", "name_lower", "aliases"], async (copy) => {
    const rows = reader<
      { uid: number; name: string | null; aliases: string[] | null }[]
    >`select uid, name, aliases from users`;
    for await (const batch of rows.cursor(chunk)) {
      for (const { uid, name, aliases } of batch) {
        const shown = repair(name ?? "");
        await copy.row([uid, shown, shown.toLowerCase(), (aliases ?? []).map(repair)]);
      }
    }
  });
}

export async function bakeBoards(reader: Transaction, writer: Transaction): Promise<void> {
  const rows = await reader<
    { bid: number; cid: number | null; category: string | null; name: string | null; description: string | null }[]
  >`
    select b.bid, b.cid, c.name as category, b.name, b.description from boards b left join categories c using (cid)`;
  await copyInto(writer, "baked_next.boards", ["bid", "cid", "category", "name", "description"], async (copy) => {
    for (const { bid, cid, category, name, description } of rows)
      await copy.row([
        bid,
        cid,
        category === null ? null : repair(category),
        repair(name ?? ""),
        repair(description ?? ""),
      ]);
  });
}

interface ThreadRow {
  tid: number;
  bid: number | null;
  title: string | null;
  subtitle: string | null;
  tags: string[] | null;
  is_closed: boolean | null;
  is_gone: boolean;
  poster_uid: number | null;
  timestamp: Date | null;
  post_count: number;
  revision: number;
}

const threadColumns = [
  "tid",
  "bid",
  "title",
  "subtitle",
  "tags",
  "is_closed",
  "is_gone",
  "poster_uid",
  "timestamp",
  "post_count",
  "revision",
];

export function bakeThreads(reader: Transaction, writer: Transaction): Promise<void> {
  return copyInto(writer, "baked_next.threads", threadColumns, async (copy) => {
    const rows = reader<ThreadRow[]>`
      select t.tid, t.bid, t.title, t.subtitle, t.tags, t.is_closed, t.gone_at is not null as is_gone,
             p.poster_uid, p.timestamp, coalesce(n.post_count, 0) as post_count,
             greatest(t.revision, p.revision) as revision
      from threads t
      left join posts p on p.pid = t.first_pid
      left join (select tid, count(*) as post_count from posts group by tid) n on n.tid = t.tid`;
    for await (const batch of rows.cursor(chunk)) for (const row of batch) await copy.row(threadRow(row));
  });
}

const threadRow = (row: ThreadRow): CopyValue[] => [
  row.tid,
  row.bid,
  repair(row.title ?? ""),
  repair(row.subtitle ?? ""),
  (row.tags ?? []).map(repair),
  row.is_closed ?? false,
  row.is_gone,
  row.poster_uid,
  row.timestamp,
  row.post_count,
  row.revision,
];
