/** Truncates values that are too long for an index or a page. Texts of posts are exempt: no index holds them whole. */
import { truncate, maxLineLength, maxNameLength } from "@potstats/bbcode/limits";
import { type Change, describe } from "./changes.ts";
import type { Post, ThreadHead, UserTag } from "../read/xml.ts";

/** Maximum number of tags of a thread; users set a handful. */
const maxTags = 100;

/** Maximum length of a rank's picture letters: with the name they form one index entry. The forum's ranks have 11. */
const maxBars = 100;

/** @returns the change, and a message for each value that was truncated */
export function withinLimits(change: Change): { change: Change; cuts: string[] } {
  const cuts: string[] = [];
  const shorter = <T extends string | null>(value: T, max: number, what: string): T => {
    if (value === null || value.length <= max) return value;
    const kept = truncate(value, max);
    if (kept.length < value.length) cuts.push(`${what} is longer than ${max} characters; truncated`);
    return kept as T;
  };
  const subject = describe(change);
  const named = <T extends { name: string; description: string }>(item: T, what: string): T => ({
    ...item,
    name: shorter(item.name, maxNameLength, `the name of ${what}`),
    description: shorter(item.description, maxLineLength, `the description of ${what}`),
  });
  const titled = <T extends ThreadHead>(thread: T): T => ({
    ...thread,
    title: shorter(thread.title, maxLineLength, `the title of thread ${thread.tid}`),
    subtitle: shorter(thread.subtitle, maxLineLength, `the subtitle of thread ${thread.tid}`),
  });
  const user = (tag: UserTag): UserTag => ({
    ...tag,
    name: shorter(tag.name, maxNameLength, `a name of user ${tag.uid}`),
  });
  const limitedPost = (post: Post): Post => ({
    ...post,
    poster: user(post.poster),
    last_edit: post.last_edit && { ...post.last_edit, user: user(post.last_edit.user) },
    title: shorter(post.title, maxLineLength, `the title of post ${post.pid}`),
    avatar: post.avatar && {
      ...post.avatar,
      path: shorter(post.avatar.path, maxLineLength, `the path of avatar ${post.avatar.avid}`),
    },
  });
  const limited = (): Change => {
    switch (change.kind) {
      case "boards": {
        const { document } = change;
        const categories = document.categories.map((category) => named(category, `category ${category.cid}`));
        const boards = document.boards.map((board) => named(board, `board ${board.bid}`));
        return { ...change, document: { ...document, categories, boards } };
      }
      case "listed":
        return { ...change, threads: change.threads.map(titled) };
      case "page": {
        const { document } = change;
        return {
          ...change,
          document: { ...document, thread: titled(document.thread), posts: document.posts.map(limitedPost) },
        };
      }
      case "tags": {
        if (change.tags.length > maxTags)
          cuts.push(`${subject} has ${change.tags.length} tags; truncated to ${maxTags}`);
        const tags = change.tags.slice(0, maxTags).map((tag) => shorter(tag, maxLineLength, `a tag of ${subject}`));
        return { ...change, tags };
      }
      case "profile": {
        const { profile } = change.page;
        if (!profile) return change;
        const { tier } = profile;
        return {
          ...change,
          page: {
            ...change.page,
            profile: {
              ...profile,
              name: shorter(profile.name, maxNameLength, `the name on ${subject}`),
              online_status: shorter(profile.online_status, maxLineLength, `the online status of ${subject}`),
              tier: tier && {
                ...tier,
                name: shorter(tier.name, maxLineLength, `the rank of ${subject}`),
                bars: shorter(tier.bars, maxBars, `the rank pictures of ${subject}`),
              },
            },
          },
        };
      }
      default:
        return change;
    }
  };
  return { change: limited(), cuts };
}
