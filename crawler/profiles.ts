/** Profile pages and the tag form: HTML → records. Pure. */
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

/**
 * Reads a profile page.
 * @throws BrokenDocument when it is cut off or no profile page
 */
export function parseProfile(html: string, uid: number): ProfileAnswer {
  if (/^\s*Benutzer.*nicht gefunden!\s*$/s.test(html) && !html.includes("<html")) return { kind: "not_found" };
  const shown = /<!-- UID (\d+) -->/.exec(html);
  if (!shown) throw new BrokenDocument("no profile page: it names no UID");
  if (!/<\/html>\s*$/i.test(html)) throw new BrokenDocument("a profile page that is cut off");
  if (Number(shown[1]) !== uid) return { kind: "shadowed", by_uid: Number(shown[1]) };
  const problems: string[] = [];
  const attributes = new Map<string, string>();
  for (const [, key = "", value = ""] of html.matchAll(
    /<td class="attrn">([^<]*)<\/td>\s*<td class="attrv">([\s\S]*?)<\/td>/g,
  ))
    attributes.set(key.trim().replace(/:$/, ""), value);
  const owner = /<div class="backlink">[\s\S]*?<\/div>([\s\S]*)/.exec(attributes.get("Benutzername") ?? "");
  if (!owner?.[1]) throw new BrokenDocument("a profile page without a name");
  const state = plain(attributes.get("Accountstatus") ?? "");
  const until = /^gesperrt bis (\d\d)\.(\d\d)\.(\d{4})$/.exec(state);
  const account_state = until ? "locked_temp" : (states[state] ?? null);
  if (!account_state && state) problems.push(`profile ${uid}: unknown account state "${state}"`);
  return {
    kind: "profile",
    profile: {
      name: asInXml(plain(owner[1])),
      registered: wallClock(attributes.get("Dabei seit") ?? ""),
      last_seen: wallClock(attributes.get("Zuletzt im Board") ?? ""),
      online_status: plain(attributes.get("Status") ?? "") || null,
      account_state,
      locked_until: until ? `${until[3]}-${until[2]}-${until[1]} 00:00:00` : null,
      tier: tier(html, uid, problems),
    },
    problems,
  };
}

const states: Record<string, AccountState> = {
  aktiv: "active",
  gesperrt: "locked",
  "noch nicht freigeschaltet": "not_unlocked",
};

const letters: Record<string, string> = {
  orange: "o",
  gruen: "g",
  schwarz: "s",
  empty: "e",
  rot: "r",
  blau: "b",
  hellblau: "h",
  links: "",
  rechts: "",
};

/** The rank: its text and its pictures, coded as the table user_tiers codes them. */
function tier(html: string, uid: number, problems: string[]): Tier | null {
  const rank = plain(/<span class="rang">([\s\S]*?)<\/span>/.exec(html)?.[1] ?? "");
  const pictures = [...html.matchAll(/\/bb\/img\/rank\/([^"'/]+?)\.gif/g)].map((match) => match[1] ?? "");
  if (!rank && pictures.length === 0) return null;
  const name = uid === 28377 ? "enos" : rank;
  const coded = pictures.map((picture) => letters[picture] ?? "?").join("");
  if (pictures.length === 9 || pictures.length === 11) {
    if (coded.includes("?")) problems.push(`profile ${uid}: unknown rank pictures ${pictures.join(" ")}`);
    return { name, bars: coded, type: "standard" };
  }
  if (pictures.length === 7 && pictures.every((picture) => picture === "herz1"))
    return { name, bars: "herz1", type: "special" };
  if (pictures.length === 1) return { name, bars: pictures[0] ?? "", type: "special" };
  if (![0, 7].includes(pictures.length)) problems.push(`profile ${uid}: ${pictures.length} rank pictures`);
  return { name, bars: coded, type: "special" };
}

/** "26.02.2013 15:20 (2468 Tage)" → "2013-02-26 15:20:00"; null where no real date stands there. */
function wallClock(cell: string): string | null {
  const found = /^(\d\d)\.(\d\d)\.(\d{4}) (\d\d):(\d\d)/.exec(plain(cell));
  if (!found) return null;
  const [, day, month, year, hour, minute] = found;
  const text = `${year}-${month}-${day} ${hour}:${minute}:00`;
  const time = new Date(`${text.replace(" ", "T")}Z`);
  return !Number.isNaN(time.getTime()) && time.getUTCDate() === Number(day) ? text : null;
}

// The forum stores ISO-8859-15 bytes and the XML API reads them as ISO-8859-1: a name there has the twin on the left.
const twins: Record<string, string> = { "€": "¤", Š: "¦", š: "¨", Ž: "´", ž: "¸", Œ: "¼", œ: "½", Ÿ: "¾" };

/** A text of an HTML page as the XML API would send it, so that one name stays one name. */
function asInXml(text: string): string {
  return text.replace(/[€ŠšŽžŒœŸ]/g, (character) => twins[character] ?? character);
}

const named: Record<string, string> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
  auml: "ä",
  ouml: "ö",
  uuml: "ü",
  Auml: "Ä",
  Ouml: "Ö",
  Uuml: "Ü",
  szlig: "ß",
  eacute: "é",
  egrave: "è",
  agrave: "à",
  raquo: "»",
  laquo: "«",
};

/** A cell's text: without tags and comments, trimmed. Character references by number stay, as in the XML API. */
function plain(html: string): string {
  return html
    .replace(/<!--[\s\S]*?-->/g, "")
    .replace(/<[^>]*>/g, "")
    .replace(/&(\w+);/g, (reference, name: string) => named[name] ?? reference)
    .trim();
}

/**
 * The tags of a thread: the texts of the links inside the form that sets them; no form, no tags.
 * @throws BrokenDocument when the form is cut off
 */
export function parseTags(html: string, tid: number): string[] {
  const opening = `<form action='thread.php?TID=${tid}&set_thread_groups=1' method='post'>`;
  const start = html.indexOf(opening);
  if (start < 0) {
    if (!/<\/html>/i.test(html)) throw new BrokenDocument("a thread page that is cut off");
    return [];
  }
  const end = html.indexOf("</form>", start);
  if (end < 0) throw new BrokenDocument("a tag form that is cut off");
  const form = html.slice(start + opening.length, end);
  // Every & is text here, also that of an entity: &nbsp; stays as it stands.
  return [...form.matchAll(/<a\b[^>]*>([\s\S]*?)<\/a>/g)]
    .map((link) => (link[1] ?? "").replace(/<[^>]*>/g, ""))
    .filter(Boolean);
}
