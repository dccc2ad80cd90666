/** Parses profile pages and the tag form. Pure. */
import { type HtmlReader, readHtml } from "./html.ts";
import { printable } from "./printable.ts";
import { BrokenDocumentError } from "./xml.ts";

export type AccountState = "active" | "locked_temp" | "locked" | "not_unlocked";

export interface Tier {
  name: string;
  /** One letter per rank picture. */
  bars: string;
  type: "standard" | "special";
}

export interface Profile {
  /** In the spelling of the XML API. */
  name: string;
  /** "YYYY-MM-DD HH:MM:SS", wall-clock time as the page shows it; null if it shows none. */
  registered: string | null;
  last_seen: string | null;
  online_status: string | null;
  account_state: AccountState | null;
  locked_until: string | null;
  tier: Tier | null;
}

export interface ProfilePage {
  /** The requested user. */
  uid: number;
  /** Whose page it is, if another user's name equals the requested uid. */
  by_uid: number | null;
  /** The raw page; null if it is already stored. */
  html: string | null;
  /** When it was fetched, Unix milliseconds; null if unknown. */
  seen_ms: number | null;
  profile: Profile | null;
}

export type ProfileAnswer =
  | { kind: "profile"; profile: Profile; problems: string[] }
  | { kind: "not_found" }
  /** Another user's name equals the requested uid, so the forum shows that user's page. */
  | { kind: "shadowed"; by_uid: number };

/** Decodes an HTML page as ISO-8859-15, ignoring the header. Drops NUL, which PostgreSQL cannot store. */
export function decodeHtml(bytes: Uint8Array): string {
  return new TextDecoder("iso-8859-15").decode(bytes).replaceAll("\0", "");
}

/** The labels of a profile page's rows. */
const label = /^(Benutzername|Dabei seit|Zuletzt im Board|Status|Accountstatus)\s*(?::\s*|$)/i;

/** Elements that may occur inside a word, and cells. All other elements separate texts. */
const inline = new Set(["b", "i", "u", "s", "em", "strong", "span", "font", "small", "big", "tt", "code", "abbr"]);
const cells = new Set(["td", "th", "dt", "dd"]);

/** A text that no element separates. */
interface Piece {
  text: string;
  isLink: boolean;
}

/** Gathers the rows of a profile page, label and value, independently of the layout. */
class ProfileReader implements HtmlReader {
  /** The user whose page it is. */
  uid: number | null = null;
  /** Whether the page is complete. */
  isWhole = false;
  /** Values by label; labels are in lower case. */
  readonly values = new Map<string, Piece[]>();
  readonly pictures: string[] = [];
  #rank: string | null = null;
  /** The text in the cell of the rank's pictures. */
  #besidePictures = "";
  #rankElement = { name: "", depth: 0 };
  #links = 0;
  #piece = "";
  /** Number of the current cell; 0 outside of cells. */
  #cell = 0;
  #cellCount = 0;
  #cellText = "";
  #cellHasPictures = false;
  /** The row whose value is expected, and the range of cells in which it may be. */
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
    else if (name === "img") this.#addPicture(attributes["src"] ?? "");
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

  #addPicture(address: string): void {
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
    const [labelText, key = ""] = this.#expectsName() ? [] : (label.exec(text) ?? []);
    if (labelText === undefined) {
      this.#addToRow({ text, isLink: this.#links > 0 });
      return;
    }
    const existing = this.values.get(key.toLowerCase());
    // The login form also has a label for the name.
    if (existing && existing.length > 0) {
      this.#row = null;
      return;
    }
    const pieces: Piece[] = [];
    this.values.set(key.toLowerCase(), pieces);
    this.#row = { pieces, first: this.#cell, last: this.#cell === 0 ? 0 : this.#cell + 1 };
    if (key.toLowerCase() === "benutzername") this.#nameRow = this.#row;
    const rest = text.slice(labelText.length).trim();
    if (rest) this.#addToRow({ text: rest, isLink: false });
  }

  /** Whether the text is a name even if it equals another label: it is in the cell after the name's label. */
  #expectsName(): boolean {
    const row = this.#row;
    return row !== null && row === this.#nameRow && this.#cell > row.first && this.#cell <= row.last;
  }

  /** A row's value is in the cell of its label, or in the next cell if the label is alone. */
  #addToRow(piece: Piece): void {
    const row = this.#row;
    if (!row || this.#cell < row.first || this.#cell > row.last) {
      this.#cellText += ` ${piece.text}`;
      return;
    }
    row.pieces.push(piece);
    if (this.#cell === row.first) row.last = row.first;
    // Without cells, the value is the next text.
    if (this.#cell === 0 && !piece.isLink) this.#row = null;
  }
}

/**
 * Reads a profile page.
 * @throws BrokenDocumentError if it is cut off or not a profile page
 */
export function parseProfile(html: string, uid: number): ProfileAnswer {
  const whole = html.trim();
  if (whole.startsWith("Benutzer") && whole.endsWith("nicht gefunden!") && !whole.includes("<html"))
    return { kind: "not_found" };
  const page = new ProfileReader();
  readHtml(html, page, "named");
  if (page.uid === null) throw new BrokenDocumentError("not a profile page: it has no UID");
  if (!page.isWhole) throw new BrokenDocumentError("the profile page is cut off");
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
    if (time === null && /^\d/.test(text))
      problems.push(`profile ${uid}: invalid date, left out: "${printable(text)}"`);
    return time;
  };
  const name = nameOf(page.values.get("benutzername") ?? [], uid);
  if (name === "") throw new BrokenDocumentError("the profile page has no name");
  const state = value("accountstatus");
  const until = /^gesperrt bis (.*)$/.exec(state)?.[1];
  const account_state = until === undefined ? (states.get(state) ?? null) : "locked_temp";
  if (!account_state && state) problems.push(`profile ${uid}: unknown account state "${printable(state)}"`);
  const locked_until = until === undefined ? null : wallClock(`${until} 00:00`);
  if (until !== undefined && locked_until === null)
    problems.push(`profile ${uid}: invalid date, left out: "${printable(state)}"`);
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

/** The name in its cell: preferably a text that is neither a link nor the address of the profile. */
function nameOf(pieces: Piece[], uid: number): string {
  // The address ends with the uid or with the name.
  const isAddress = ({ text }: Piece) => {
    const end = profileAddress.test(text) ? text.replace(profileAddress, "").replace(/\/$/, "").toLowerCase() : null;
    return end !== null && (end === String(uid) || pieces.some((piece) => piece.text.toLowerCase() === end));
  };
  const others = pieces.filter((piece) => !isAddress(piece));
  const plain = others.filter((piece) => !piece.isLink);
  const [chosen] = [plain, others, pieces].filter((list) => list.length > 0);
  // If there is only an address, it contains the name.
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

/** The rank: its text, and its pictures encoded as in the table user_tiers. */
function tier({ rank, pictures }: ProfileReader, uid: number, problems: string[]): Tier | null {
  if (!rank && pictures.length === 0) return null;
  const name = uid === 28377 ? "enos" : rank;
  const bars = pictures.map((picture) => letters.get(picture) ?? "?").join("");
  if (pictures.length === 9 || pictures.length === 11) {
    if (bars.includes("?")) problems.push(`profile ${uid}: unknown rank pictures ${printable(pictures.join(" "))}`);
    return { name, bars, type: "standard" };
  }
  if (pictures.length === 7 && pictures.every((picture) => picture === "herz1"))
    return { name, bars: "herz1", type: "special" };
  if (pictures.length === 1) return { name, bars: pictures[0] ?? "", type: "special" };
  if (![0, 7].includes(pictures.length)) problems.push(`profile ${uid}: ${pictures.length} rank pictures`);
  return { name, bars, type: "special" };
}

/** "26.02.2013 15:20 (2468 Tage)" → "2013-02-26 15:20:00"; null if it is not a valid date. */
function wallClock(text: string): string | null {
  const [, day, month, year, hour, minute] = /^(\d\d)\.(\d\d)\.(\d{4}) (\d\d):(\d\d)/.exec(text) ?? [];
  // PostgreSQL has no year 0.
  if (year === undefined || year === "0000") return null;
  const clock = `${year}-${month}-${day} ${hour}:${minute}:00`;
  const time = new Date(`${clock.replace(" ", "T")}Z`);
  return !Number.isNaN(time.getTime()) && time.getUTCDate() === Number(day) ? clock : null;
}

// The forum stores ISO-8859-15 bytes, but the XML API decodes them as ISO-8859-1. Left: HTML page; right: XML API.
const twins: Record<string, string> = { "€": "¤", Š: "¦", š: "¨", Ž: "´", ž: "¸", Œ: "¼", œ: "½", Ÿ: "¾" };

/** Converts text of an HTML page to what the XML API sends for it, so that a name is the same from both. */
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
 * The tags of a thread: the texts of the links inside the form that sets them. Without that form there are none.
 * @throws BrokenDocumentError if the form or the page is cut off
 */
export function parseTags(html: string, tid: number): string[] {
  const action = `thread.php?TID=${tid}&set_thread_groups=1`;
  const page = new TagReader(action);
  // Searching for the forum's own spelling finds the form even if the page above it is malformed.
  const start = html.indexOf(`<form action='${action}' method='post'>`);
  // Tags are stored raw: references such as &nbsp; are not resolved.
  readHtml(html.slice(Math.max(start, 0)), page, "keep");
  if (page.form === "open") throw new BrokenDocumentError("the tag form is cut off");
  if (page.form === "none" && !page.isWhole) throw new BrokenDocumentError("the thread page is cut off");
  return page.tags;
}
