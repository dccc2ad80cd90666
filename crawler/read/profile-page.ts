/** Profile pages and the tag form: HTML → records. Pure. */
import { type HtmlReader, readHtml } from "./html.ts";
import { shown } from "./shown.ts";
import { BrokenDocument } from "./xml.ts";

export type AccountState = "active" | "locked_temp" | "locked" | "not_unlocked";

export interface Tier {
  name: string;
  /** One letter per rank picture. */
  bars: string;
  type: "standard" | "special";
}

export interface Profile {
  /** As the XML API spells it. */
  name: string;
  /** "YYYY-MM-DD HH:MM:SS", wall-clock time of the page; NULL where it shows none. */
  registered: string | null;
  last_seen: string | null;
  online_status: string | null;
  account_state: AccountState | null;
  locked_until: string | null;
  tier: Tier | null;
}

export interface ProfilePage {
  /** Who was asked for. */
  uid: number;
  /** The raw page; NULL: it is stored already. */
  html: string | null;
  /** When it was fetched, Unix milliseconds; NULL where that is not known. */
  seen_ms: number | null;
  profile: Profile | null;
}

export type ProfileAnswer =
  | { kind: "profile"; profile: Profile; problems: string[] }
  | { kind: "not_found" }
  /** Somebody else is called like the uid that was asked for. */
  | { kind: "shadowed"; by_uid: number };

/** HTML pages are ISO-8859-15, whatever the header says. NUL is dropped, which PostgreSQL cannot store. */
export function decodeHtml(bytes: Uint8Array): string {
  return new TextDecoder("iso-8859-15").decode(bytes).replaceAll("\0", "");
}

/** The rows of a profile page, by the words in front of them. */
const label = /^(Benutzername|Dabei seit|Zuletzt im Board|Status|Accountstatus)\s*(?::\s*|$)/i;

/** Elements that may stand inside a word, and those that make a cell; all others part texts from one another. */
const inline = new Set(["b", "i", "u", "s", "em", "strong", "span", "font", "small", "big", "tt", "code", "abbr"]);
const cells = new Set(["td", "th", "dt", "dd"]);

/** A stretch of text that no element parts. */
interface Piece {
  text: string;
  isLink: boolean;
}

/** Gathers what a profile page says: behind which words which text stands, whatever the layout around them. */
class ProfileReader implements HtmlReader {
  /** Who the page is about. */
  uid: number | null = null;
  /** Whether the page came to its end. */
  isWhole = false;
  /** By the words in front of it, in lower case. */
  readonly values = new Map<string, Piece[]>();
  readonly pictures: string[] = [];
  #rank: string | null = null;
  /** The text beside the rank's pictures. */
  #besidePictures = "";
  #rankElement = { name: "", depth: 0 };
  #links = 0;
  #piece = "";
  /** Number of the cell; 0 outside of all. */
  #cell = 0;
  #cellCount = 0;
  #cellText = "";
  #cellHasPictures = false;
  /** The row whose value comes now, and in which cells that may stand. */
  #row: { pieces: Piece[]; first: number; last: number } | null = null;
  #nameRow: { pieces: Piece[]; first: number; last: number } | null = null;

  get rank(): string {
    return (this.#rank ?? this.#besidePictures).trim();
  }

  comment(text: string): void {
    const [, uid] = /^\s*UID\s+(\d{1,10})\s*$/.exec(text.slice(0, 100)) ?? [];
    if (uid !== undefined) this.uid ??= Number(uid);
  }

  text(text: string): void {
    this.#piece += text;
    if (this.#rankElement.depth > 0) this.#rank += text;
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (!inline.has(name)) this.#endPiece();
    if (cells.has(name)) this.#beginCell(++this.#cellCount);
    if (name === "a") this.#links++;
    else if (name === "img") this.#see(attributes["src"] ?? "");
    if (this.#rankElement.depth > 0) {
      if (name === this.#rankElement.name) this.#rankElement.depth++;
    } else if (this.#rank === null && /(?:^|\s)rang(?:\s|$)/.test(attributes["class"] ?? "")) {
      this.#rank = "";
      this.#rankElement = { name, depth: 1 };
    }
  }

  close(name: string): void {
    if (!inline.has(name)) this.#endPiece();
    if (cells.has(name) || name === "table") this.#beginCell(0);
    if (name === "a") this.#links = Math.max(0, this.#links - 1);
    else if (name === "html") this.isWhole = true;
    if (this.#rankElement.depth > 0 && name === this.#rankElement.name) this.#rankElement.depth--;
  }

  #see(address: string): void {
    const [, picture] = /\/img\/rank\/([^/]+)\.gif$/.exec(address.slice(-300)) ?? [];
    if (picture === undefined) return;
    this.pictures.push(picture);
    this.#cellHasPictures = this.#cell > 0;
  }

  #beginCell(cell: number): void {
    if (this.#cellHasPictures) this.#besidePictures ||= this.#cellText;
    this.#cell = cell;
    this.#cellText = "";
    this.#cellHasPictures = false;
  }

  #endPiece(): void {
    const text = this.#piece.trim();
    this.#piece = "";
    if (text === "") return;
    const [words, key = ""] = this.#isName() ? [] : (label.exec(text) ?? []);
    if (words === undefined) {
      this.#take({ text, isLink: this.#links > 0 });
      return;
    }
    const known = this.values.get(key.toLowerCase());
    // A form to log in asks for a name, too.
    if (known && known.length > 0) {
      this.#row = null;
      return;
    }
    const pieces: Piece[] = [];
    this.values.set(key.toLowerCase(), pieces);
    this.#row = { pieces, first: this.#cell, last: this.#cell === 0 ? 0 : this.#cell + 1 };
    if (key.toLowerCase() === "benutzername") this.#nameRow = this.#row;
    const rest = text.slice(words.length).trim();
    if (rest) this.#take({ text: rest, isLink: false });
  }

  /** Whether a name must stand here, in the cell behind its words: somebody may be called like the words of another row. */
  #isName(): boolean {
    const row = this.#row;
    return row !== null && row === this.#nameRow && this.#cell > row.first && this.#cell <= row.last;
  }

  /** A row's value stands in the cell of its words or, where there is no more in it, in the next one. */
  #take(piece: Piece): void {
    const row = this.#row;
    if (!row || this.#cell < row.first || this.#cell > row.last) {
      this.#cellText += ` ${piece.text}`;
      return;
    }
    row.pieces.push(piece);
    if (this.#cell === row.first) row.last = row.first;
    // Without cells nothing tells where a value ends.
    if (this.#cell === 0 && !piece.isLink) this.#row = null;
  }
}

/**
 * Reads a profile page.
 * @throws BrokenDocument when it is cut off or no profile page
 */
export function parseProfile(html: string, uid: number): ProfileAnswer {
  const whole = html.trim();
  if (whole.startsWith("Benutzer") && whole.endsWith("nicht gefunden!") && !whole.includes("<html"))
    return { kind: "not_found" };
  const page = new ProfileReader();
  readHtml(html, page, "named");
  if (page.uid === null) throw new BrokenDocument("no profile page: it names no UID");
  if (!page.isWhole) throw new BrokenDocument("a profile page that is cut off");
  if (page.uid !== uid) return { kind: "shadowed", by_uid: page.uid };
  const problems: string[] = [];
  const value = (key: string) =>
    (page.values.get(key) ?? [])
      .map((piece) => piece.text)
      .join(" ")
      .replace(/\s+/g, " ");
  const date = (key: string): string | null => {
    const text = value(key);
    const time = wallClock(text);
    if (time === null && /^\d/.test(text)) problems.push(`profile ${uid}: no date, left out: "${shown(text)}"`);
    return time;
  };
  const name = nameOf(page.values.get("benutzername") ?? [], uid);
  if (name === "") throw new BrokenDocument("a profile page without a name");
  const state = value("accountstatus");
  const until = /^gesperrt bis (.*)$/.exec(state)?.[1];
  const account_state = until === undefined ? (states.get(state) ?? null) : "locked_temp";
  if (!account_state && state) problems.push(`profile ${uid}: unknown account state "${shown(state)}"`);
  const locked_until = until === undefined ? null : wallClock(`${until} 00:00`);
  if (until !== undefined && locked_until === null)
    problems.push(`profile ${uid}: no date, left out: "${shown(state)}"`);
  return {
    kind: "profile",
    profile: {
      name: asInXml(name),
      registered: date("dabei seit"),
      last_seen: date("zuletzt im board"),
      online_status: value("status") || null,
      account_state,
      locked_until,
      tier: tier(page, uid, problems),
    },
    problems,
  };
}

const profileAddress = /^(?:https?:)?(?:\/\/)?my\.mods\.de\//i;

/** The name among what stands in its cell: neither a link nor the address of the profile, where there is anything else. */
function nameOf(pieces: Piece[], uid: number): string {
  // The address ends in the uid or in the name itself.
  const isAddress = ({ text }: Piece) => {
    const end = profileAddress.test(text) ? text.replace(profileAddress, "").replace(/\/$/, "").toLowerCase() : null;
    return end !== null && (end === String(uid) || pieces.some((piece) => piece.text.toLowerCase() === end));
  };
  const others = pieces.filter((piece) => !isAddress(piece));
  const plain = others.filter((piece) => !piece.isLink);
  const [chosen] = [plain, others, pieces].filter((list) => list.length > 0);
  // An address alone has the name in it.
  const isAlone = pieces.length === 1 || others.length === 0;
  return (chosen ?? []).map(({ text }) => (isAlone ? text.replace(profileAddress, "") : text)).join(" ");
}

const states = new Map<string, AccountState>([
  ["aktiv", "active"],
  ["gesperrt", "locked"],
  ["noch nicht freigeschaltet", "not_unlocked"],
]);

const letters = new Map([
  ["orange", "o"],
  ["gruen", "g"],
  ["schwarz", "s"],
  ["empty", "e"],
  ["rot", "r"],
  ["blau", "b"],
  ["hellblau", "h"],
  ["links", ""],
  ["rechts", ""],
]);

/** The rank: its text and its pictures, coded as the table user_tiers codes them. */
function tier({ rank, pictures }: ProfileReader, uid: number, problems: string[]): Tier | null {
  if (!rank && pictures.length === 0) return null;
  const name = uid === 28377 ? "enos" : rank;
  const coded = pictures.map((picture) => letters.get(picture) ?? "?").join("");
  if (pictures.length === 9 || pictures.length === 11) {
    if (coded.includes("?")) problems.push(`profile ${uid}: unknown rank pictures ${shown(pictures.join(" "))}`);
    return { name, bars: coded, type: "standard" };
  }
  if (pictures.length === 7 && pictures.every((picture) => picture === "herz1"))
    return { name, bars: "herz1", type: "special" };
  if (pictures.length === 1) return { name, bars: pictures[0] ?? "", type: "special" };
  if (![0, 7].includes(pictures.length)) problems.push(`profile ${uid}: ${pictures.length} rank pictures`);
  return { name, bars: coded, type: "special" };
}

/** "26.02.2013 15:20 (2468 Tage)" → "2013-02-26 15:20:00"; null where no real date stands there. */
function wallClock(text: string): string | null {
  const [, day, month, year, hour, minute] = /^(\d\d)\.(\d\d)\.(\d{4}) (\d\d):(\d\d)/.exec(text) ?? [];
  // PostgreSQL knows no year 0.
  if (year === undefined || year === "0000") return null;
  const clock = `${year}-${month}-${day} ${hour}:${minute}:00`;
  const time = new Date(`${clock.replace(" ", "T")}Z`);
  return !Number.isNaN(time.getTime()) && time.getUTCDate() === Number(day) ? clock : null;
}

// The forum stores ISO-8859-15 bytes and the XML API reads them as ISO-8859-1: a name there has the twin on the left.
const twins: Record<string, string> = { "€": "¤", Š: "¦", š: "¨", Ž: "´", ž: "¸", Œ: "¼", œ: "½", Ÿ: "¾" };

/** A text of an HTML page as the XML API would send it, so that one name stays one name. */
function asInXml(text: string): string {
  return text.replace(/[€ŠšŽžŒœŸ]/g, (character) => twins[character] ?? character);
}

/** Gathers the texts of the links inside the form that sets a thread's tags. */
class TagReader implements HtmlReader {
  readonly tags: string[] = [];
  form: "none" | "open" | "closed" = "none";
  isWhole = false;
  #link: string | null = null;

  constructor(readonly action: string) {}

  comment(): void {}

  text(text: string): void {
    if (this.#link !== null) this.#link += text;
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (name === "form" && this.form === "none" && attributes["action"]?.replaceAll("&amp;", "&") === this.action)
      this.form = "open";
    else if (name === "a" && this.form === "open") this.#link = "";
  }

  close(name: string): void {
    if (name === "html") this.isWhole = true;
    else if (name === "form" && this.form === "open") this.form = "closed";
    else if (name === "a" && this.form === "open") {
      if (this.#link) this.tags.push(this.#link);
      this.#link = null;
    }
  }
}

/**
 * The tags of a thread: the texts of the links inside the form that sets them; no form, no tags.
 * @throws BrokenDocument when the form is cut off
 */
export function parseTags(html: string, tid: number): string[] {
  const action = `thread.php?TID=${tid}&set_thread_groups=1`;
  const page = new TagReader(action);
  // As the forum writes it, it is found whatever is wrong with the page above it.
  const start = html.indexOf(`<form action='${action}' method='post'>`);
  // Every & is text here, also that of an entity: &nbsp; stays as it stands.
  readHtml(html.slice(Math.max(start, 0)), page, "keep");
  if (page.form === "open") throw new BrokenDocument("a tag form that is cut off");
  if (page.form === "none" && !page.isWhole) throw new BrokenDocument("a thread page that is cut off");
  return page.tags;
}
