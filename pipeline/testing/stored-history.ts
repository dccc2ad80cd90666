import type { TestDatabase } from "@potstats/db/testing/database";
import type { createForum } from "@potstats/simulator/forum";
import { nameAt } from "@potstats/simulator/model";

type Forum = ReturnType<typeof createForum>;

/** Writes a simulated forum's whole history as a crawl would leave it, without crawling. */
export async function storeHistory(
  { sql }: TestDatabase,
  { history, contentOf }: Pick<Forum, "history" | "contentOf">,
): Promise<void> {
  const { boards, people, threads, posts, until } = history;
  const write = (table: string, columns: string, rows: object[]) => {
    const names = columns.split(", ").map((column) => column.split(" ")[0] ?? "");
    return sql.unsafe(
      `insert into ${table} (${names.join(", ")})
       select * from json_to_recordset($1::text::json) as r (${columns})`,
      [JSON.stringify(rows, names)],
    );
  };
  await write("boards", "bid int, name varchar", boards);
  await write(
    "users",
    "uid int, name varchar",
    people.map((person) => ({ uid: person.uid, name: nameAt(person, until) })),
  );
  await write(
    "threads",
    "tid int, bid int, title varchar",
    threads.map(({ tid, homes, titles }) => ({ tid, bid: homes.at(-1)?.board.bid, title: titles.at(-1)?.title })),
  );
  const rows = posts.map((post) => ({
    pid: post.pid,
    tid: post.thread.tid,
    poster_uid: post.person.uid,
    timestamp: new Date(post.time * 1000),
    content: contentOf(post),
  }));
  const lengths = rows.map((row) => ({ ...row, content_length: row.content.length }));
  await write("posts", "pid int, tid int, poster_uid int, timestamp timestamp, content_length int", lengths);
  await write("post_contents", "pid int, content text", rows);
}
