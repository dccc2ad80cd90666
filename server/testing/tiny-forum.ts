/** A forum of a few posts, for examples. */
import type { ForumData, ForumPost } from "./forum-data.ts";

type TinyPost = Partial<Omit<ForumPost, "time">> & { uid: number; time: string };

/** Posts with ids from 1, by default in thread 1 of board 1; board and thread exist for each that a post names. */
export function tinyForum(posts: TinyPost[]): ForumData {
  const all = posts.map(({ time, ...post }, at): ForumPost => ({
    pid: at + 1,
    tid: 1,
    bid: 1,
    edits: 0,
    content: "x",
    hidden: false,
    gone: false,
    quotes: [],
    links: [],
    ...post,
    time: new Date(time),
  }));
  const distinct = (values: (number | null)[]) => [...new Set(values)].filter((value) => value !== null);
  return {
    boards: distinct(all.map(({ bid }) => bid)).map((bid) => ({ bid, name: `Brett ${bid}`, description: "" })),
    users: distinct(all.map(({ uid }) => uid)).map((uid) => {
      const name = `Nutzer ${uid}`;
      return { uid, stored: name, name, aliases: [] };
    }),
    threads: distinct(all.map(({ tid }) => tid)).map((tid) => ({
      tid,
      bid: all.find((post) => post.tid === tid)?.bid ?? null,
      title: `Thema ${tid}`,
      subtitle: "",
    })),
    posts: all,
  };
}
