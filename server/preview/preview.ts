/** What a link to a page shows in messengers and search engines, from the API's own responses. */
import type { InferResponseType } from "hono/client";
import pages from "../site/pages.json" with { type: "json" };
import { daysIn } from "../days-in.ts";
import type { ApiClient } from "./api-client.ts";
import { type Language, plain, texts } from "./texts.ts";

export interface Preview {
  language: Language;
  title: string;
  description: string;
  /** Path and query of the page, without everything that does not belong to it; undefined for unknown paths. */
  canonical?: string | undefined;
  /** Path and query of its picture, if it has one. */
  image?: string | undefined;
  /** Whether the page is about something that does not exist. */
  isMissing?: true;
}

type UserStats = InferResponseType<ApiClient["user-stats"]["$get"], 200>;
type UserResponse = Awaited<ReturnType<ApiClient["user-stats"]["$get"]>>;

const maxName = 60;
const maxDescription = 200;

interface ServedPage {
  name: string;
  pattern: RegExp;
  title: Record<Language, string>;
  filters: string[];
  /** If the page uses only single years, or only ranges of years. */
  years?: string;
}

const served: ServedPage[] = pages.pages.map((page) => ({ ...page, pattern: new RegExp(page.pattern) }));

/** A page, its language, and what is selected on it. */
export interface Address {
  page: ServedPage | undefined;
  path: string;
  language: Language;
  /** A year, or a range of years: "2009-2012". */
  year?: string;
  bid?: string;
  uid?: string;
  tid?: string;
  day?: string;
  /** Month and day: 02-29. */
  date?: string;
  /** Two users: `uid` and this one. */
  with?: string;
  /** Searches whose trends are shown. */
  words?: string[];
  /** A year of the forum, a board or a user. */
  recap?: { year: string; bid?: string; uid?: string };
}

/** What a path is the recap of; undefined for other paths. */
function recapOf(path: string): Address["recap"] {
  const [, year, scope, id = ""] = /^\/recap\/([1-9]\d{0,3})(?:\/(boards|users)\/(\d{1,10}))?\/?$/.exec(path) ?? [];
  if (year === undefined) return undefined;
  return { year, ...(scope === "boards" ? { bid: id } : {}), ...(scope === "users" ? { uid: id } : {}) };
}

/** Reads the address of a page. Values that are not valid are left out. */
export function addressOf(path: string, search: string): Address {
  const query = new URLSearchParams(search);
  const page = served.find(({ pattern }) => pattern.test(path));
  const valid = (name: "bid" | "day" | "date", pattern: RegExp) => {
    const value = query.get(name) ?? "";
    return pattern.test(value) ? { [name]: value } : {};
  };
  const uid = /^\/users\/(\d{1,10})\/?$/.exec(path)?.[1];
  const tid = /^\/threads\/(\d{1,10})\/?$/.exec(path)?.[1];
  const recap = recapOf(path);
  return {
    page,
    path: path.replace(/(.)\/$/, "$1"),
    language: query.get("lang") === "en" ? "en" : "de",
    ...yearsOf(page, query.get("year") ?? ""),
    ...(page?.filters.includes("bid") ? valid("bid", /^\d{1,9}$/) : {}),
    ...(page?.name === "days" ? valid("day", /^[1-9]\d{3}-\d\d-\d\d$/) : {}),
    ...(page?.name === "on-this-day" ? valid("date", /^(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/) : {}),
    ...(uid === undefined ? {} : { uid }),
    ...(page?.name === "pair" ? pairOf(query) : {}),
    ...(page?.name === "trends" ? wordsOf(query) : {}),
    ...(tid === undefined ? {} : { tid }),
    ...(recap === undefined ? {} : { recap }),
  };
}

/** The selected year or range of years, if the page uses it. */
function yearsOf(page: ServedPage | undefined, value: string): Pick<Address, "year"> {
  const [, first = "", last] = /^([1-9]\d{3})(?:-([1-9]\d{3}))?$/.exec(value) ?? [];
  const isValid = first !== "" && (last === undefined || first < last);
  if (!isValid || !page?.filters.includes("year")) return {};
  const kind = last === undefined ? "single" : "range";
  return page.years === undefined || page.years === kind ? { year: value } : {};
}

/** The two users of a pair, if both are named. */
function pairOf(query: URLSearchParams): Pick<Address, "uid" | "with"> {
  const [uid = "", other = ""] = [query.get("uid"), query.get("with")].map((id) => id ?? "");
  return [uid, other].every((id) => /^\d{1,10}$/.test(id)) ? { uid, with: other } : {};
}

/** As many words as trends show. */
const maxWords = 6;

function wordsOf(query: URLSearchParams): Pick<Address, "words"> {
  const words = query.getAll("q").filter((word) => word.trim() !== "");
  return words.length === 0 ? {} : { words: words.slice(0, maxWords) };
}

/** The selection as parameters of the API. */
export const selectionOf = ({ year, bid }: Address) => ({ ...(year ? { year } : {}), ...(bid ? { bid } : {}) });

/** The preview that needs no data: of every page while the database is slow, and of forgotten users. */
export function generalPreview(address: Address): Preview {
  const { page, path, language } = address;
  const text = texts[language];
  const title = page?.title[language];
  return {
    language,
    title: title === undefined ? "pOTstats" : `${title} – pOTstats`,
    description: text.pages[page?.name.replace(/^(?:board|user)-/, "") ?? ""] ?? text.general,
    canonical: page && path + queryOf(address),
  };
}

/** The preview of a page; undefined if the API has nothing about it. */
export async function findPreview(api: ApiClient, address: Address): Promise<Preview | undefined> {
  const { page } = address;
  if (page?.name === "user") return userPreview(api, address);
  if (page?.name === "thread") return threadPreview(api, address);
  if (address.recap) return recapPreview(api, address, address.recap);
  if (page?.name === "days" && address.day) return dayPreview(api, address, address.day);
  if (page?.name === "pair" && address.with) return pairPreview(api, address);
  if (page?.name === "on-this-day" && address.date) return datePreview(api, address, address.date);
  const subject = await subjectOf(api, address);
  if (page?.name === "overview") return overviewPreview(api, address, subject);
  const general = generalPreview(address);
  const words = plain((address.words ?? []).join(", "), maxName);
  const image = page?.name === "days" ? { image: `/preview/days.png${queryOf(address)}` } : {};
  return page && { ...general, title: titleOf([page.title[address.language], words, subject]), ...image };
}

async function overviewPreview(api: ApiClient, address: Address, subject: string): Promise<Preview | undefined> {
  const text = texts[address.language];
  const response = await api.overview.$get({ query: selectionOf(address) });
  if (!response.ok) return undefined;
  const { post_count, threads_created, active_users, first_day, last_day } = await response.json();
  const general = generalPreview(address);
  if (post_count === 0 || first_day === null || last_day === null) return general;
  const counts = text.and([text.posts(post_count), text.threads(threads_created), text.activeUsers(active_users)]);
  return {
    ...general,
    title: subject === "" ? "pOTstats" : titleOf([subject]),
    description: `${counts} ${text.span(first_day, last_day)}`,
    image: `/preview/overview.png${queryOf(address)}`,
  };
}

/** The API answers 400 about a user or thread that it does not know, as potstats2 did. */
const isUnknown = ({ status }: { status: number }): boolean => status === 400;

const missingPreview = (address: Address): Preview => ({
  ...generalPreview(address),
  canonical: undefined,
  isMissing: true,
});

async function userPreview(api: ApiClient, address: Address): Promise<Preview | undefined> {
  const text = texts[address.language];
  const response = await api["user-stats"].$get({ query: { uid: address.uid ?? "" } });
  if (isUnknown(response)) return missingPreview(address);
  const stats = await namedUser(response);
  if (!stats) return undefined;
  const { user } = stats;
  const general = { ...generalPreview(address), title: titleOf([user.name]) };
  if (!stats.stats) return general;
  const { post_count, threads_created, quoted_count, rank } = stats.stats;
  const aliases = user.aliases.slice(0, 3).map((name) => plain(name, 30));
  const facts = [
    text.posts(post_count),
    text.userThreads(threads_created),
    text.quoted(quoted_count),
    text.rank(rank),
    ...(aliases.length === 0 ? [] : [text.formerly(aliases)]),
  ];
  return {
    ...general,
    description: plain(facts.join(" · "), maxDescription),
    image: `/preview/users/${user.uid}.png${queryOf({ ...address, year: "", bid: "" })}`,
  };
}

/** A user's counts over all years; undefined for unknown users, and for forgotten ones, who have no name. */
export const findUser = async (api: ApiClient, uid: string): Promise<UserStats | undefined> =>
  namedUser(await api["user-stats"].$get({ query: { uid } }));

async function namedUser(response: UserResponse): Promise<UserStats | undefined> {
  const stats = response.ok ? await response.json() : undefined;
  return stats && plain(stats.user.name, maxName) !== "" ? stats : undefined;
}

async function threadPreview(api: ApiClient, address: Address): Promise<Preview | undefined> {
  const text = texts[address.language];
  const [response, dayOf] = await Promise.all([api.thread.$get({ query: { tid: address.tid ?? "" } }), findDayOf(api)]);
  if (isUnknown(response)) return missingPreview(address);
  if (!response.ok) return undefined;
  const { thread, board, post_count, participants, first, last, series } = await response.json();
  const title = plain(thread.title, maxName);
  if (title === "") return undefined;
  const general = { ...generalPreview(address), title: titleOf([title]) };
  if (!first || !last) return general;
  const facts = [
    `${text.posts(post_count)}, ${text.participants(participants)}`,
    ...(board ? [board] : []),
    text.span(dayOf(first.timestamp), dayOf(last.timestamp)),
    ...(series ? [text.part(series.position, series.threads)] : []),
  ];
  return { ...general, description: plain(facts.join(" · "), maxDescription) };
}

/** Two users, and how often each quotes the other. */
async function pairPreview(api: ApiClient, address: Address): Promise<Preview | undefined> {
  const text = texts[address.language];
  const { uid = "", with: other = "" } = address;
  const response = await api.pair.$get({ query: { uid, with: other } });
  if (!response.ok) return undefined;
  const pair = await response.json();
  const [one, two] = [plain(pair.user.user.name, maxName), plain(pair.with.user.name, maxName)];
  if (one === "" || two === "") return undefined;
  const facts = [text.quotes(one, two, pair.user.quotes), text.quotes(two, one, pair.with.quotes)];
  return {
    ...generalPreview(address),
    title: titleOf([text.and([one, two])]),
    description: plain(facts.join(" · "), maxDescription),
  };
}

async function recapPreview(
  api: ApiClient,
  address: Address,
  selection: NonNullable<Address["recap"]>,
): Promise<Preview | undefined> {
  const text = texts[address.language];
  const { year, bid, uid } = selection;
  const response = await api.recap.$get({ query: selection });
  if (isUnknown(response)) return missingPreview(address);
  if (!response.ok) return undefined;
  const { user, board, totals, place, favourite_board, top_thread } = await response.json();
  const general = { ...generalPreview(address), title: titleOf([text.recap(year), (user ?? board)?.name ?? ""]) };
  if (totals.post_count === 0) return general;
  const facts = [
    text.posts(totals.post_count),
    ...(place?.place ? [text.rank(place.place)] : []),
    ...("active_users" in totals ? [text.activeUsers(totals.active_users)] : []),
    ...(favourite_board ? [text.favouriteBoard(plain(favourite_board.name, 40))] : []),
    ...(top_thread ? [text.topThread(plain(top_thread.thread.title, 80))] : []),
  ];
  const picture = queryOf({ ...address, year: uid ? "" : year, bid: bid ?? "" });
  return {
    ...general,
    description: plain(facts.join(" · "), maxDescription),
    image: `/preview/${uid ? `users/${uid}` : "days"}.png${picture}`,
  };
}

/** Returns a function that finds the day of a moment, in Unix seconds, in the time zone of the statistics. */
async function findDayOf(api: ApiClient): Promise<(timestamp_s: number) => string> {
  const response = await api.status.$get();
  const { timezone } = response.ok ? await response.json() : { timezone: null };
  const dayOf = daysIn(timezone ?? "UTC");
  return (timestamp_s) => dayOf(timestamp_s * 1000);
}

/** A date of every year. */
async function datePreview(api: ApiClient, address: Address, date: string): Promise<Preview | undefined> {
  const text = texts[address.language];
  const { bid } = selectionOf(address);
  const response = await api["on-this-day"].$get({ query: { date, ...(bid ? { bid } : {}) } });
  if (!response.ok) return undefined;
  const { rows } = await response.json();
  const name = text.dayOfYear(`2000-${date}`);
  const posts = rows.reduce((sum, { post_count }) => sum + post_count, 0);
  return {
    ...generalPreview(address),
    title: titleOf([name, await subjectOf(api, address)]),
    description: text.onThisDay(name, posts, rows.length),
  };
}

async function dayPreview(api: ApiClient, address: Address, day: string): Promise<Preview | undefined> {
  const text = texts[address.language];
  const { bid } = selectionOf(address);
  const response = await api["day-stats"].$get({ query: { day, ...(bid ? { bid } : {}) } });
  if (!response.ok) return undefined;
  const { post_count, active_users, threads } = await response.json();
  const busiest = threads[0] ? ` · ${text.busiest(plain(threads[0].thread.title, 80))}` : "";
  return {
    ...generalPreview(address),
    title: titleOf([text.fullDay(day)]),
    description: `${text.posts(post_count)}, ${text.activeUsers(active_users)}${busiest}`,
    image: `/preview/days.png${queryOf({ ...address, year: day.slice(0, 4), day: "" })}`,
  };
}

/** The selected years and board by name: "2012 · Küche", "2009–2012". */
export async function subjectOf(api: ApiClient, { year, bid }: Address): Promise<string> {
  const boards = bid === undefined ? undefined : await api.boards.$get({ query: {} });
  const rows = boards?.ok ? (await boards.json()).rows : [];
  const name = rows.find((board) => String(board.bid) === bid)?.name;
  return [year?.replace("-", "–"), name === undefined ? undefined : plain(name, maxName)].filter(Boolean).join(" · ");
}

const titleOf = (parts: string[]): string =>
  `${parts
    .filter((part) => part !== "")
    .map((part) => plain(part, maxName))
    .join(" · ")} – pOTstats`;

/** The selection as a query of the page, with its language unless that is German. */
function queryOf({ year, bid, day, date, uid, with: other, words = [], language }: Address): string {
  const query = new URLSearchParams();
  // The path of a user's page has the user.
  const pair = other === undefined ? {} : { uid, with: other };
  for (const [name, value] of Object.entries({ year, bid, day, date, ...pair })) if (value) query.set(name, value);
  for (const word of words) query.append("q", word);
  if (language !== "de") query.set("lang", language);
  return query.size > 0 ? `?${query}` : "";
}
