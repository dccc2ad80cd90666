/**
 * What a search must find, computed from every post and thread in the most direct way: from the description of the
 * query language, not from the engines' code. Only what makes two words alike (folding, dictionary forms) is shared.
 */
import { foldWords } from "@potstats/bbcode/fold";
import { formsOf, lemmaOf } from "../../words/forms.ts";
import type { Forum } from "./forum.ts";
import type { Text } from "./markup.ts";
import { type Filter, isUnfinished, type Part, type Question } from "./question.ts";

/** A post or a thread. */
export interface Document {
  /** pid or tid. */
  id: number;
  tid: number;
  bid: number | null;
  uid: number | null;
  /** Date and time of day in the statistics' time zone, `2012-05-01 …`; null if unknown. */
  time: string | null;
  /** What is shown when a check fails. */
  shown: string;
  /** As people read them; no phrase spans two. */
  texts: string[];
  /** Folded words of each text. */
  written: string[][];
  words: Set<string>;
  /** The dictionary forms by which the words are found. */
  forms: Set<string>;
  kinds: Set<string>;
  /** Folded words of a thread's tags. */
  tags: Set<string>;
}

/** The forum as the naive computation searches it. */
export interface Archive {
  forum: Forum;
  post: Document[];
  thread: Document[];
}

/** Some posters are shown with the facets: the most active. */
const topPosters = 10;

function documentOf(texts: Text[], more: Omit<Document, "texts" | "shown" | "written" | "words" | "forms">): Document {
  const written = texts.map(({ own }) => foldWords(own));
  const words = new Set(written.flat());
  return {
    ...more,
    texts: texts.map(({ own }) => own),
    shown: texts.map(({ raw }) => raw).join(" | "),
    written,
    words,
    forms: new Set([...words].flatMap(formsOf)),
  };
}

export function archiveOf(forum: Forum, timezone: string): Archive {
  const clock = new Intl.DateTimeFormat("sv", { timeZone: timezone, dateStyle: "short", timeStyle: "medium" });
  const threads = new Map(forum.threads.map((thread) => [thread.tid, thread]));
  const post = forum.posts.flatMap(({ pid, tid, uid, time, title, content, isHidden, isGone }): Document[] => {
    const thread = threads.get(tid);
    if (!thread || thread.isGone || isHidden || isGone || `${title.own}${content.own}`.trim() === "") return [];
    const addresses = content.addresses.map((own) => ({ raw: "", own }));
    return [
      documentOf([title, content, ...addresses], {
        id: pid,
        tid,
        bid: thread.bid,
        uid,
        time: clock.format(time),
        kinds: new Set<string>(content.kinds),
        tags: new Set(),
      }),
    ];
  });
  const openings = new Map(forum.posts.toSorted((a, b) => b.pid - a.pid).map((opening) => [opening.tid, opening]));
  const thread = forum.threads.flatMap(({ tid, bid, title, subtitle, tags, isGone }): Document[] => {
    const opening = openings.get(tid);
    if (isGone) return [];
    return [
      documentOf([title, subtitle, ...tags], {
        id: tid,
        tid,
        bid,
        uid: opening?.uid ?? null,
        time: opening ? clock.format(opening.time) : null,
        kinds: new Set(),
        tags: new Set(tags.flatMap(({ own }) => foldWords(own))),
      }),
    ];
  });
  return { forum, post, thread };
}

function occurs(document: Document, searched: string[], lastIsPrefix = false): boolean {
  const last = searched.length - 1;
  const whole = lastIsPrefix ? searched.slice(0, -1) : searched;
  if (!whole.every((word) => document.words.has(word))) return false;
  return document.written.some((words) =>
    words.some((_, at) =>
      searched.every((word, n) => {
        const found = words[at + n];
        return found === word || (lastIsPrefix && n === last && found?.startsWith(word));
      }),
    ),
  );
}

/** Words as written and their forms: an unfinished word finds what any of its ends will find. */
const hasPrefix = ({ words, forms }: Document, prefix: string) => {
  for (const word of words) if (word.startsWith(prefix)) return true;
  for (const form of forms) if (form.startsWith(prefix)) return true;
  return false;
};

type Condition = (document: Document) => boolean;

/** The condition that words in the query make; undefined if they mean nothing. */
function termOf(part: Part, isPrefix: boolean): Condition | undefined {
  if (part.kind === "filter" || part.kind === "noise") return undefined;
  const words = foldWords(part.text);
  const [word] = words;
  if (word === undefined) return undefined;
  if (part.kind === "exact") return (document) => occurs(document, words) === (part.sign !== "-");
  if (words.length > 1) return (document) => occurs(document, words, isPrefix);
  const lemma = lemmaOf(word);
  return (document) => document.forms.has(lemma) || (isPrefix && hasPrefix(document, word));
}

const isDay = (date: string) =>
  /^\d{4}-\d\d-\d\d$/.test(date) && !Number.isNaN(Date.parse(date)) && new Date(date).toISOString().startsWith(date);

/** The first day of a year, month or day, as text; undefined if it is none. */
function firstDayOf(value: string): string | undefined {
  const parts = /^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$/.exec(value);
  if (!parts || parts[1] === "0000") return undefined;
  const day = [parts[1], (parts[2] ?? "1").padStart(2, "0"), (parts[3] ?? "1").padStart(2, "0")].join("-");
  return isDay(day) ? day : undefined;
}

const inLowerCase = ({ own }: Text) => own.toLowerCase();

/** The condition that a filter makes; undefined if it names nothing known or does not fit the type. */
function filterOf({ forum, thread }: Archive, type: Question["type"], { name, value }: Filter): Condition | undefined {
  switch (name) {
    case "user": {
      const users = forum.users.filter((user) =>
        [user.name, ...user.aliases].map(inLowerCase).includes(value.toLowerCase()),
      );
      const uids = new Set<number | null>(users.map(({ uid }) => uid));
      return uids.size === 0 ? undefined : ({ uid }) => uids.has(uid);
    }
    case "board": {
      const folded = (text: string) => foldWords(text).join(" ");
      // A name of nothing but signs is compared as it is.
      const key = (text: string) => folded(text) || text.toLowerCase();
      const same = forum.boards.filter((board) => key(board.name.own) === key(value));
      const begun = forum.boards.filter((board) => folded(value) && folded(board.name.own).startsWith(folded(value)));
      const bids = new Set<number | null>((same.length > 0 ? same : begun).map(({ bid }) => bid));
      return bids.size === 0 ? undefined : ({ bid }) => bids.has(bid);
    }
    case "thread":
      return forum.threads.some(({ tid }) => String(tid) === value) ? ({ tid }) => String(tid) === value : undefined;
    case "year":
      return /^\d{4}$/.test(value) && value !== "0000" ? ({ time }) => time?.slice(0, 4) === value : undefined;
    case "before":
    case "after": {
      const day = firstDayOf(value);
      if (day === undefined) return undefined;
      // Dates compare as text.
      return ({ time }) => time !== null && (name === "before" ? time < day : time >= day);
    }
    case "has": {
      const kind = value.toLowerCase();
      return type === "post" && ["link", "image", "video"].includes(kind) ? ({ kinds }) => kinds.has(kind) : undefined;
    }
    case "tag": {
      const words = foldWords(value);
      const isTagged: Condition = ({ tags }) => words.every((word) => tags.has(word));
      return type === "thread" && words.length > 0 && thread.some(isTagged) ? isTagged : undefined;
    }
  }
}

const parameterNames = ["user", "board", "year", "before", "after", "has"] as const;

/** All filters of a question. */
const filtersOf = ({ parts, parameters }: Question): Filter[] => [
  ...parts.filter((part) => part.kind === "filter"),
  ...parameterNames.flatMap((name): Filter[] => {
    const value = parameters[name];
    return value === undefined ? [] : [{ kind: "filter", name, value: String(value) }];
  }),
];

export interface Answer {
  /** All hits, by id. */
  hits: Document[];
  /** Unknown filters, each as `name:value`. */
  unknown: string[];
  /** Whether there is a word that makes one hit better than another. */
  isScored: boolean;
}

export function answerTo(archive: Archive, question: Question): Answer {
  const { parts, parameters, type } = question;
  const filters = filtersOf(question);
  const filterConditions = filters.map((filter) => filterOf(archive, type, filter));
  const unknown = filters.filter((_, at) => !filterConditions[at]).map(({ name, value }) => `${name}:${value}`);
  const terms = parts.map((part, at) => termOf(part, at === parts.length - 1 && isUnfinished(question)));
  const { uid, bid } = parameters;
  const conditions = [
    ...(uid === undefined ? [] : [(document: Document) => document.uid === uid]),
    ...(bid === undefined ? [] : [(document: Document) => document.bid === bid]),
    ...filterConditions.filter((condition) => condition !== undefined),
    ...terms.filter((term) => term !== undefined),
  ];
  const isEmpty = conditions.length === 0 || unknown.length > 0;
  return {
    hits: isEmpty ? [] : archive[type].filter((document) => conditions.every((isMet) => isMet(document))),
    unknown,
    isScored: parts.some((part, at) => terms[at] && !(part.kind === "exact" && part.sign === "-")),
  };
}

/** How often each key occurs: most frequent first, ties by key. */
function tally(keys: (number | null)[]): [key: number, count: number][] {
  const counts = new Map<number, number>();
  for (const key of keys) if (key !== null) counts.set(key, (counts.get(key) ?? 0) + 1);
  return [...counts].toSorted((a, b) => b[1] - a[1] || a[0] - b[0]);
}

const yearOf = ({ time }: Document) => (time === null ? null : Number(time.slice(0, 4)));

export function facetsOf({ forum }: Archive, hits: Document[]) {
  const boardNames = new Map(forum.boards.map(({ bid, name }) => [bid, name.own]));
  const userNames = new Map(forum.users.map(({ uid, name }) => [uid, name.own]));
  const boards = tally(hits.map(({ bid }) => bid));
  const years = tally(hits.map(yearOf));
  const users = tally(hits.map(({ uid }) => uid)).slice(0, topPosters);
  return {
    boards: boards.map(([bid, count]) => ({ bid, name: boardNames.get(bid) ?? "", count })),
    years: years.map(([year, count]) => ({ year, count })),
    users: users.map(([uid, count]) => ({ uid, name: userNames.get(uid) ?? "", count })),
  };
}
