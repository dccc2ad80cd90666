/** Values that no index or page can hold are cut before they are written. Texts of posts, which nothing indexes whole, stay. */
import { cut, longestLine, longestName } from "@potstats/bbcode/limits";
import { type Change, describe } from "./changes.ts";
import type { Post, ThreadHead, UserTag } from "../read/xml.ts";

/** Tags of a thread; people set a handful. */
const mostTags = 100;

/** Rank pictures, or letters of the one there is: together with the rank's name they are one row of an index. The forum's have 11. */
const mostBars = 100;

/** @returns the change, and what was cut in it, for people */
export function withinLimits(change: Change): { change: Change; cuts: string[] } {
  const cuts: string[] = [];
  const shorter = <T extends string | null>(value: T, most: number, what: string): T => {
    if (value === null || value.length <= most) return value;
    const kept = cut(value, most);
    if (kept.length < value.length) cuts.push(`${what} is longer than ${most} characters, cut`);
    return kept as T;
  };
  const of = describe(change);
  const named = <T extends { name: string; description: string }>(one: T, what: string): T => ({
    ...one,
    name: shorter(one.name, longestName, `the name of ${what}`),
    description: shorter(one.description, longestLine, `the description of ${what}`),
  });
  const titled = <T extends ThreadHead>(thread: T): T => ({
    ...thread,
    title: shorter(thread.title, longestLine, `the title of thread ${thread.tid}`),
    subtitle: shorter(thread.subtitle, longestLine, `the subtitle of thread ${thread.tid}`),
  });
  const user = (tag: UserTag): UserTag => ({
    ...tag,
    name: shorter(tag.name, longestName, `a name of user ${tag.uid}`),
  });
  const post = (one: Post): Post => ({
    ...one,
    poster: user(one.poster),
    last_edit: one.last_edit && { ...one.last_edit, user: user(one.last_edit.user) },
    title: shorter(one.title, longestLine, `the title of post ${one.pid}`),
    avatar: one.avatar && {
      ...one.avatar,
      path: shorter(one.avatar.path, longestLine, `the path of avatar ${one.avatar.avid}`),
    },
  });
  const limited = (): Change => {
    switch (change.kind) {
      case "boards": {
        const { document } = change;
        const categories = document.categories.map((one) => named(one, `category ${one.cid}`));
        const boards = document.boards.map((one) => named(one, `board ${one.bid}`));
        return { ...change, document: { ...document, categories, boards } };
      }
      case "listed":
        return { ...change, threads: change.threads.map(titled) };
      case "page": {
        const { document } = change;
        return {
          ...change,
          document: { ...document, thread: titled(document.thread), posts: document.posts.map(post) },
        };
      }
      case "tags": {
        if (change.tags.length > mostTags) cuts.push(`${of} has ${change.tags.length} tags, cut to ${mostTags}`);
        const tags = change.tags.slice(0, mostTags).map((tag) => shorter(tag, longestLine, `a tag of ${of}`));
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
              name: shorter(profile.name, longestName, `the name on ${of}`),
              online_status: shorter(profile.online_status, longestLine, `the online status of ${of}`),
              tier: tier && {
                ...tier,
                name: shorter(tier.name, longestLine, `the rank of ${of}`),
                bars: shorter(tier.bars, mostBars, `the rank pictures of ${of}`),
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
