/** Who quotes whom, as the page shows it: people, and ties between them that are strong enough. */
import type { Network as NetworkAnswer, User } from "../../api.ts";
import { displayName } from "../../display-name.ts";

export interface Person {
  user: User;
  name: string;
  post_count: number;
}

/** One person quotes another, or themselves, so many times. Persons are given by their positions in the list. */
export interface Tie {
  from: number;
  to: number;
  count: number;
}

export interface Network {
  /** Most posts first. */
  people: readonly Person[];
  /** Strongest first. */
  ties: readonly Tie[];
  /** Position of the user whose network this is; undefined if it is everyone's. */
  center: number | undefined;
  /** The answer of the API, which is the same object when the reader goes back. */
  source: object;
}

/** @param uid the user whose network this is; 0 if it is everyone's */
export function networkOf(answer: NetworkAnswer, uid: number): Network {
  const { users, edges } = answer;
  const at = new Map(users.map(({ User }, index) => [User.uid, index]));
  return {
    people: users.map(({ User, post_count }) => ({ user: User, name: displayName(User), post_count })),
    ties: edges.flatMap(({ from, to, count }) => {
      const tie = { from: at.get(from), to: at.get(to), count };
      return tie.from === undefined || tie.to === undefined ? [] : [tie as Tie];
    }),
    center: at.get(uid),
    source: answer,
  };
}

/** The position of a user; undefined if they are not in this network. */
export function positionOf({ people }: Network, uid: number): number | undefined {
  const at = people.findIndex(({ user }) => user.uid === uid);
  return at < 0 ? undefined : at;
}

/** The different counts of ties, least first: the steps of the threshold. */
export const thresholds = ({ ties }: Network): number[] =>
  [...new Set(ties.map(({ count }) => count))].toSorted((a, b) => a - b);

/** Ties with at least this count. */
export const tiesFrom = ({ ties }: Network, threshold: number): Tie[] => ties.filter(({ count }) => count >= threshold);

/** Persons whom a tie joins to someone else, and the center, in the order of the list. */
export function peopleOf(ties: readonly Tie[], center: number | undefined): number[] {
  const joined = new Set(center === undefined ? [] : [center]);
  for (const { from, to } of ties) if (from !== to) joined.add(from).add(to);
  return [...joined].toSorted((a, b) => a - b);
}

/** How often a person and a partner quote each other. */
export interface Partner {
  at: number;
  /** By the person. */
  quotes: number;
  /** By the partner. */
  quoted: number;
}

/** Those who quote a person or are quoted by them, most quotes in both directions first. */
export function partnersOf(ties: readonly Tie[], person: number): Partner[] {
  const partners = new Map<number, Partner>();
  for (const { from, to, count } of ties) {
    if ((from === person) === (to === person)) continue;
    const at = from === person ? to : from;
    const partner = partners.get(at) ?? { at, quotes: 0, quoted: 0 };
    partners.set(at, { ...partner, [from === person ? "quotes" : "quoted"]: count });
  }
  const total = ({ quotes, quoted }: Partner) => quotes + quoted;
  return [...partners.values()].toSorted((a, b) => total(b) - total(a) || a.at - b.at);
}

/** Radius of a person, by the square root of their posts: so areas are proportional. */
export function radiusOf(postCount: number, mostPosts: number): number {
  const [smallest, largest] = [3.5, 15];
  return smallest + (largest - smallest) * Math.sqrt(postCount / Math.max(1, mostPosts));
}

/** A quoting circle: people who quote each other more than others. */
export interface Circle {
  /** 0 is the largest. Also its color and shape. */
  rank: number;
  /** Positions, most posts first. */
  members: number[];
}

/** The largest circles, which have a color of their own. The rank of all others is `maxCircles`. */
export const maxCircles = 6;

/**
 * The circles of persons that are shown.
 * @param ranks of each person in the list
 */
export function circlesOf(ranks: readonly number[], shown: readonly number[]): Circle[] {
  return Array.from({ length: maxCircles }, (_, rank) => ({
    rank,
    members: shown.filter((at) => ranks[at] === rank),
  })).filter(({ members }) => members.length > 0);
}
