/** Removes forgotten users from pages before they are written. */
import { quotedIn, withoutPassages } from "@potstats/bbcode/passages";
import type { Sql, Transaction } from "@potstats/db/connect";
import { nameDigest } from "@potstats/db/forget/names";
import type { Change } from "./changes.ts";
import { codePointCount } from "./code-points.ts";
import { maxId, type Post, type UserTag } from "../read/xml.ts";

/** Forgotten users: uid → digests of their names. */
export type ForgottenUsers = Map<number, string[]>;

export async function forgottenUsers(tx: Transaction): Promise<ForgottenUsers> {
  const list = await tx<{ uid: number; name_digests: string[] }[]>`select uid, name_digests from forgotten_users`;
  return new Map(list.map((row) => [row.uid, row.name_digests]));
}

/**
 * The changes without names, profiles, avatars and texts of forgotten users, and without quotes of them in other posts.
 */
export async function withoutForgotten(tx: Transaction, received: Change[], users: ForgottenUsers): Promise<Change[]> {
  if (users.size === 0) return received;
  const changes = await withForgottenPosters(tx, received);
  const isForgotten = (user: UserTag) => user.uid !== null && users.has(user.uid);
  const posts = postsOn(changes);
  const [quoted, shortened] = await Promise.all([quotedPosts(tx, posts, isForgotten), shortenedPosts(tx, posts)]);
  const isOfForgotten = (pid: number) => quoted.get(pid) === true;
  await rememberNames(tx, posts, users);
  const names = new Set([...users.values()].flat());
  const isName = (name: string, pid: number | null) =>
    (pid === null || !quoted.has(pid)) && names.has(nameDigest(name));

  const anonymous = (user: UserTag): UserTag => (isForgotten(user) ? { ...user, name: null, gid: null } : user);
  const redacted = (post: Post): Post => {
    const { content, last_edit } = post;
    // Lengths are kept: statistics need them, and they reveal nothing.
    const content_length = codePointCount(content ?? "");
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
    const before = shortened.get(post.pid);
    // A withheld text may be shown again.
    const isWithheld = post.is_hidden && content === null;
    const isUnedited =
      before?.edit_count === post.edit_count && (isWithheld || before.content_length === content_length);
    const text = isUnedited ? before.content : content;
    const kept = text && withoutPassages(text, isOfForgotten, { isName });
    return {
      ...post,
      last_edit: edit,
      content: kept,
      content_length: isUnedited ? before.content_length : content_length,
    };
  };
  return changes
    .filter(
      (change) => change.kind !== "profile" || !(users.has(change.page.uid) || users.has(change.page.by_uid ?? 0)),
    )
    .map((change) => withPosts(change, redacted));
}

const postsOn = (changes: Change[]): Post[] =>
  changes.flatMap((change) => (change.kind === "page" ? change.document.posts : []));

/** A change with its posts replaced, if it is a page. */
const withPosts = (change: Change, replaced: (post: Post) => Post): Change =>
  change.kind === "page"
    ? { ...change, document: { ...change.document, posts: change.document.posts.map(replaced) } }
    : change;

/** Fills in the stored poster of a forgotten user's post if the page has no readable uid. */
async function withForgottenPosters(tx: Transaction, changes: Change[]): Promise<Change[]> {
  const pids = postsOn(changes).flatMap(({ pid, poster }) => (poster.uid === null ? [pid] : []));
  if (pids.length === 0) return changes;
  const stored = await tx<{ pid: number; poster_uid: number }[]>`
    select pid, poster_uid from posts
    where pid = any(${pids}::int[]) and poster_uid in (select uid from forgotten_users)`;
  const uids = new Map(stored.map(({ pid, poster_uid }) => [pid, poster_uid]));
  return changes.map((change) =>
    withPosts(change, (post) => ({
      ...post,
      poster: { ...post.poster, uid: post.poster.uid ?? uids.get(post.pid) ?? null },
    })),
  );
}

/** Adds new names of forgotten users to their digests. */
async function rememberNames(tx: Transaction, posts: Post[], users: ForgottenUsers): Promise<void> {
  for (const { uid, name } of posts.flatMap(({ poster, last_edit }) => [
    poster,
    ...(last_edit ? [last_edit.user] : []),
  ])) {
    const digests = users.get(uid ?? 0);
    if (!digests || name === null || digests.includes(nameDigest(name))) continue;
    digests.push(nameDigest(name));
    await tx`update forgotten_users set name_digests = ${digests}::text[] where uid = ${uid}`;
  }
}

/** Stored posts that are on these pages or quoted there: whether a forgotten user wrote them. */
async function quotedPosts(
  tx: Transaction,
  posts: Post[],
  isForgotten: (user: UserTag) => boolean,
): Promise<Map<number, boolean>> {
  const quoted = [...new Set(posts.flatMap((post) => quotedIn(post.content ?? "")))];
  const stored = await tx<{ pid: number; is_forgotten: boolean }[]>`
    select pid, coalesce(poster_uid in (select uid from forgotten_users), false) as is_forgotten
    from posts where pid = any(${quoted}::int[])`;
  return new Map([
    ...stored.map((row) => [row.pid, row.is_forgotten] as const),
    ...posts.map((post) => [post.pid, isForgotten(post.poster)] as const),
  ]);
}

interface Shortened {
  pid: number;
  content: string | null;
  content_length: number;
  edit_count: number;
}

/**
 * Posts on these pages that have lost a passage: the stored text is shorter than the forum's. The stored text is kept
 * until the post is edited, even while a moderator withholds it: it was shortened by comparison with the forgotten
 * texts, which no longer exist.
 */
async function shortenedPosts(tx: Transaction, posts: Post[]): Promise<Map<number, Shortened>> {
  const rows = await tx<Shortened[]>`
    select p.pid, c.content, p.content_length, p.edit_count from posts as p join post_contents as c using (pid)
    where p.pid = any(${posts.map((post) => post.pid)}::int[]) and p.content_length > char_length(coalesce(c.content, ''))`;
  return new Map(rows.map((row) => [row.pid, row]));
}

/**
 * Whether a document contains the id of a forgotten user or of one of their posts. A broken document that does is not
 * kept.
 */
export async function mentionsForgotten(sql: Sql, document: string): Promise<boolean> {
  const numbers = new Set(Array.from(document.matchAll(/\d+/g), ([digits]) => Number(digits)));
  const ids = [...numbers].filter((number) => number <= maxId);
  const mentions = await sql`
    select from forgotten_users where uid = any(${ids}::int[])
    union all
    select from posts where pid = any(${ids}::int[]) and poster_uid in (select uid from forgotten_users)
    limit 1`;
  return mentions.length > 0;
}
