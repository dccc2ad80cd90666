/** What the filter box offers for what has been typed. Pure. */
import type { Filter } from "../pages.ts";

export interface FilterOption {
  filter: Filter;
  /** As in the URL. */
  value: string;
  text: string;
  /** Former names of a user. */
  detail?: string;
}

export interface FilterGroup {
  filter: Filter;
  options: FilterOption[];
}

interface Choices {
  /** Ascending. */
  years: number[];
  boards: { bid: number; name: string; post_count: number }[];
  users: { uid: number; name: string; aliases: string[] }[];
}

const maxPerGroup = 6;

/** "2009-2012", "2009 – 2012", "2009 bis 2012", "2009 to 2012". */
const range = /^([1-9]\d{3})\s*(?:-|–|bis|to)\s*([1-9]\d{3})$/i;

function yearOptions(typed: string, years: number[]): FilterOption[] {
  const match = range.exec(typed);
  if (match) {
    const [first, last] = [Number(match[1]), Number(match[2])].toSorted((a, b) => a - b);
    return [{ filter: "year", value: `${first}-${last}`, text: `${first}–${last}` }];
  }
  return years
    .toReversed()
    .filter((year) => String(year).startsWith(typed))
    .map((year) => ({ filter: "year", value: String(year), text: String(year) }));
}

/** Whether a word of the name begins with what has been typed. */
const isNamed = (name: string, typed: string) =>
  ` ${name.toLocaleLowerCase()}`.includes(` ${typed.toLocaleLowerCase()}`);

const boardOptions = (typed: string, boards: Choices["boards"]): FilterOption[] =>
  boards
    .filter(({ name }) => isNamed(name, typed))
    .toSorted((a, b) => b.post_count - a.post_count || a.bid - b.bid)
    .map(({ bid, name }) => ({ filter: "bid", value: String(bid), text: name }));

const userOptions = (users: Choices["users"]): FilterOption[] =>
  users.map(({ uid, name, aliases }) => ({
    filter: "uid",
    value: String(uid),
    text: name,
    ...(aliases.length > 0 ? { detail: aliases.join(", ") } : {}),
  }));

/**
 * Years (a range as well), boards and users that match, in groups; the filters that the page uses come first.
 * @param choices.users the users whose names begin with what has been typed
 */
export function filterOptions(typed: string, { years, boards, users }: Choices): FilterGroup[] {
  const text = typed.trim();
  const groups: FilterGroup[] = [
    { filter: "year", options: yearOptions(text, years) },
    { filter: "bid", options: boardOptions(text, boards) },
    { filter: "uid", options: userOptions(users) },
  ];
  return groups
    .map((group) => ({ ...group, options: group.options.slice(0, maxPerGroup) }))
    .filter(({ options }) => options.length > 0);
}
