/** People who are not to be known: what pages say of them is left out before it is written. */
import { quotedIn, withoutPassages } from "@potstats/bbcode/passages";
import type { Transaction } from "@potstats/db/connect";
import type { Change } from "./changes.ts";
import type { Post, UserTag } from "./xml.ts";

/** Ids of the users who are to be forgotten. */
export async function forgottenUsers(tx: Transaction): Promise<Set<number>> {
  const list = await tx<{ uid: number }[]>`select uid from forgotten_users`;
  return new Set(list.map((row) => row.uid));
}

/** The same changes without names, profiles, avatars and texts of forgotten users, and without what others quote of them. @param uids of the forgotten */
export async function withoutForgotten(tx: Transaction, changes: Change[], uids: Set<number>): Promise<Change[]> {
  if (uids.size === 0) return changes;
  const isForgotten = (user: UserTag) => user.uid !== null && uids.has(user.uid);
  const posts = changes.flatMap((change) => (change.kind === "page" ? change.document.posts : []));
  const pids = await pidsOf(tx, posts, isForgotten);

  const anonymous = (user: UserTag): UserTag => (isForgotten(user) ? { ...user, name: null, gid: null } : user);
  const shown = (post: Post): Post => {
    const { content, last_edit } = post;
    // Lengths stay: they are counted, and tell nothing.
    const content_length = lengthOf(content ?? "");
    const edit = last_edit && { ...last_edit, user: anonymous(last_edit.user) };
    if (isForgotten(post.poster)) {
      return {
        ...post,
        poster: anonymous(post.poster),
        last_edit: edit,
        title: null,
        content: null,
        content_length,
        avatar: null,
      };
    }
    const kept = content && withoutPassages(content, (pid) => pids.has(pid));
    return { ...post, last_edit: edit, content: kept, content_length };
  };
  return changes
    .filter((change) => change.kind !== "profile" || !uids.has(change.page.uid))
    .map((change) =>
      change.kind === "page"
        ? { ...change, document: { ...change.document, posts: change.document.posts.map(shown) } }
        : change,
    );
}

/** Posts of forgotten users that are quoted on these pages, those on the pages themselves included. */
async function pidsOf(tx: Transaction, posts: Post[], isForgotten: (user: UserTag) => boolean): Promise<Set<number>> {
  const quoted = [...new Set(posts.flatMap((post) => quotedIn(post.content ?? "")))].filter((pid) => pid < 2 ** 31);
  const known = await tx<{ pid: number }[]>`
    select pid from posts where pid = any(${quoted}::int[]) and poster_uid in (select uid from forgotten_users)`;
  const here = posts.filter((post) => isForgotten(post.poster)).map((post) => post.pid);
  return new Set([...known.map((row) => row.pid), ...here]);
}

/** Unicode code points; a text of megabytes is not taken apart for it. */
function lengthOf(text: string): number {
  let length = text.length;
  for (let at = 0; at < text.length; at++) if ((text.charCodeAt(at) & 0xfc00) === 0xdc00) length--;
  return length;
}
