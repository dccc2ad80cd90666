/** Random searches, drawn from what occurs in the posts: most find something, and some nearly do. */
import type { Random } from "@potstats/simulator/random";
import { foldWords } from "@potstats/bbcode/fold";
import { formsOf } from "../../words/forms.ts";
import type { Archive, Document } from "./naive.ts";
import { type Filter, type Parameters, type Part, type Question, typedText } from "./question.ts";
import { respelled } from "./vocabulary.ts";

/** What no part of a query is: an operator, or signs before a word. */
const operators = /^(?:[+-]|(?:user|board|thread|year|before|after|has|tag):)+/i;

const maxToken = 60;

/** The words of a document as typed in a query, in the order of the text. */
function tokensOf({ texts }: Document): string[] {
  return texts.flatMap((text) =>
    text
      .split(/[^\S\ufeff]+/)
      .map((chunk) => chunk.replaceAll('"', "").replace(operators, ""))
      .filter((chunk) => chunk !== "" && chunk.length < maxToken),
  );
}

/** Draws from an archive. */
interface Source {
  archive: Archive;
  random: Random;
  /** Every token once, of posts and of threads. */
  distinct: Record<Question["type"], string[]>;
}

/** The tokens of a document near one place: a long post has many. */
function passage(random: Random, document: Document): string[] {
  const tokens = tokensOf(document);
  const at = random.between(0, Math.max(0, tokens.length - 30));
  return tokens.slice(at, at + 30);
}

function token({ random, distinct }: Source, type: Question["type"], anchor: Document): string {
  const near = passage(random, anchor);
  return random.chance(0.1) || near.length === 0 ? random.pick(distinct[type]) : random.pick(near);
}

/** Another word that may find the same: a dictionary form, a part of a compound, an inflection, another spelling. */
function alike(random: Random, text: string): string {
  const [word] = foldWords(text);
  if (word === undefined) return text;
  switch (random.below(4)) {
    case 0:
      return random.pick(formsOf(word));
    case 1:
      return text + random.pick(["n", "en", "s", "e", "er"]);
    case 2:
      return respelled(random, respelled(random, text));
    default:
      return text.replace(/(?:e[nrs]?|[ns])$/, "");
  }
}

const beginning = (random: Random, text: string): string => {
  const letters = [...text];
  return letters.slice(0, random.between(1, letters.length)).join("");
};

/** Consecutive words, sometimes with a mistake. */
function phrase(source: Source, type: Question["type"], anchor: Document): string {
  const { random } = source;
  const tokens = passage(random, anchor);
  const length = random.pick([1, 2, 2, 2, 3, 3, 4, 5]);
  const at = random.between(0, Math.max(0, tokens.length - length));
  const words = tokens.slice(at, at + length);
  switch (random.below(10)) {
    case 0:
      return words.toReversed().join(" ");
    case 1:
      return words.toSpliced(random.below(length), 1).join(" ");
    case 2:
      return words.with(random.below(words.length) || 0, token(source, type, anchor)).join(" ");
    case 3:
      return words.map((word) => alike(random, word)).join(" ");
    case 4:
      return beginning(random, words.join(" "));
    default:
      return words.join(" ");
  }
}

const kinds = ["link", "image", "video"];

/** A date near a moment, `2012-05-01 10:00:00`, as precise as people write it. */
function dateNear(random: Random, time: string): string {
  const moved = new Date(Date.parse(`${time.slice(0, 10)}T12:00:00Z`) + random.between(-1, 1) * 86_400_000);
  const date = moved.toISOString().slice(0, random.pick([4, 7, 10, 10]));
  return random.chance(0.1) ? date.replaceAll("-0", "-") : date;
}

/** The value of a filter: of this document, else of any other. */
function valueOf({ archive, random }: Source, name: Filter["name"], near: Document): string | undefined {
  const { boards, users, threads } = archive.forum;
  const anyCase = (text: string) => (random.chance(0.2) ? text.toLowerCase() : text);
  switch (name) {
    case "user": {
      const user = users.find(({ uid }) => uid === near.uid) ?? random.pick(users);
      return anyCase(random.pick([user.name, user.name, ...user.aliases]).own);
    }
    case "board": {
      const board = (boards.find(({ bid }) => bid === near.bid) ?? random.pick(boards)).name.own;
      return anyCase(random.chance(0.2) ? beginning(random, board) : board);
    }
    case "thread":
      return String(random.chance(0.9) ? near.tid : random.pick(threads).tid);
    case "year":
      return (near.time ?? "2007").slice(0, 4);
    case "before":
    case "after":
      return dateNear(random, near.time ?? "2007-03-01");
    case "has":
      return random.pick([...near.kinds, random.pick(kinds)]);
    case "tag": {
      const tags = threads.find(({ tid }) => tid === near.tid)?.tags.map(({ own }) => own) ?? [];
      return tags.length === 0 ? undefined : random.pick(tags);
    }
  }
}

const unknownValues = ["niemand", "2012-02-30", "0000", "x y", "%", "99999999999", "201"];

function filterName(random: Random, type: Question["type"]): Filter["name"] {
  const common = ["user", "user", "board", "board", "year", "before", "after"] as const;
  const fitting = type === "post" ? (["thread", "has", "has"] as const) : (["tag", "tag", "thread"] as const);
  return random.chance(0.01) ? random.pick(["has", "tag"]) : random.pick([...common, ...fitting]);
}

function filter(source: Source, type: Question["type"], anchor: Document): Part | undefined {
  const { random } = source;
  const name = filterName(random, type);
  const value = random.chance(0.01) ? random.pick(unknownValues) : valueOf(source, name, anchor);
  if (value === undefined || value.trim() === "") return undefined;
  const isQuoted = /[\s"]/.test(value) || random.chance(0.2);
  return { kind: "filter", name, value, operator: random.chance(0.05) ? name.toUpperCase() : name, isQuoted };
}

const noise = ["!", "-", "+", "...", "&", "|", "--", ":*", "(", "- -", '""', '-""', "?!", "%"];

function part(source: Source, type: Question["type"], anchor: Document): Part | undefined {
  const { random } = source;
  const kind = random.next();
  if (kind < 0.42) {
    const text = token(source, type, anchor);
    return { kind: "word", text: random.chance(0.35) ? alike(random, text) : text };
  }
  if (kind < 0.58) {
    const sign = random.pick(["", "", "+", "-"] as const);
    return { kind: "exact", sign, text: phrase(source, type, anchor), isQuoted: true };
  }
  if (kind < 0.74) {
    const text = token(source, type, anchor);
    const sign = random.pick(["+", "-"] as const);
    return { kind: "exact", sign, text: random.chance(0.2) ? alike(random, text) : text, isQuoted: false };
  }
  if (kind < 0.97) return filter(source, type, anchor);
  return { kind: "noise", text: random.pick(noise) };
}

function parameters(source: Source, type: Question["type"], anchor: Document): Parameters {
  const { random } = source;
  const chosen: Parameters = {};
  for (let count = random.chance(0.25) ? random.between(1, 2) : 0; count > 0; count--) {
    const name = random.pick(["user", "board", "uid", "bid", "year", "before", "after", "has"] as const);
    if (name === "uid") chosen.uid = anchor.uid ?? 10;
    else if (name === "bid") chosen.bid = anchor.bid ?? 1;
    else if (name === "year") chosen.year = Number(anchor.time?.slice(0, 4) ?? 2007);
    else {
      const value = valueOf(source, name, anchor);
      if (value !== undefined && (name !== "has" || type === "post")) chosen[name] = value;
    }
  }
  return chosen;
}

/** The last word as it is while it is being typed. */
function withLastBegun(random: Random, parts: Part[]): Part[] {
  const last = parts.at(-1);
  if (last?.kind !== "word" || random.chance(0.4)) return parts;
  return [...parts.slice(0, -1), { ...last, text: beginning(random, last.text) }];
}

function endingOf(random: Random, parts: Part[]): Question["ending"] {
  const last = parts.at(-1);
  if (last?.kind === "exact" && last.isQuoted && random.chance(0.25)) return "open";
  if (last?.kind === "filter" && last.isQuoted && !last.value.includes('"') && random.chance(0.1)) return "open";
  return random.chance(0.4) ? " " : "";
}

function question(source: Source): Question {
  const { random, archive } = source;
  const type = random.chance(0.8) ? "post" : "thread";
  const anchor = random.pick(archive[type]);
  const count = random.pick([0, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3, 3, 4, 5, 6]);
  const drawn = Array.from({ length: count }, () =>
    part(source, type, random.chance(0.85) ? anchor : random.pick(archive[type])),
  );
  const given = drawn.filter((one) => one !== undefined);
  const repeated = random.chance(0.04) ? [...given, ...given.slice(0, 1)] : given;
  const parts = withLastBegun(random, repeated);
  const sort = random.pick(["date-asc", "date-desc", "score"] as const);
  const hasCursor = sort !== "score" && random.chance(0.15);
  return {
    parts,
    gap: random.pick([" ", " ", " ", " ", " ", " ", " ", "  ", "tight"]),
    ending: endingOf(random, parts),
    parameters: parameters(source, type, anchor),
    type,
    sort,
    offset: random.chance(0.8) ? 0 : random.pick([1, 7, 30, random.below(500)]),
    limit: random.pick([100, 30, 30, 30, 30, 5, random.between(1, 100)]),
    facets: random.chance(0.7),
    next: hasCursor ? random.pick(archive[type]).id : undefined,
  };
}

/** More are refused. */
const maxWords = 32;

/** An endless sequence of questions. */
export function* questions(archive: Archive, random: Random): Generator<Question, never> {
  const tokens = (documents: Document[]) => [...new Set(documents.flatMap(tokensOf))];
  const source = { archive, random, distinct: { post: tokens(archive.post), thread: tokens(archive.thread) } };
  for (;;) {
    const next = question(source);
    const words = next.parts.flatMap((one) => (one.kind === "filter" ? [] : foldWords(one.text)));
    const hasText = typedText(next).trim() !== "" || Object.keys(next.parameters).length > 0;
    if (new Set(words).size <= maxWords && hasText) yield next;
  }
}
