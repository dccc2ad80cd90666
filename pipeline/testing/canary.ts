/** A forum in which everything about one user contains a unique string, and searches for that string. */
import { open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from "node:zlib";
import { StagedForum } from "@potstats/crawler/testing/staged-forum";
import type { Sql } from "@potstats/db/connect";

/** Random letters without vowels, so that folding and stemming leave them alone. */
const letters = (count: number) =>
  Array.from(crypto.getRandomValues(new Uint8Array(count)), (value) => "bcdfghjklmnpqrtvwxz"[value % 19]).join("");

export const marks = {
  /** In everything that must be forgotten. */
  secret: letters(14),
  /** In thread titles and in what others wrote themselves. */
  kept: letters(14),
};
const { secret, kept } = marks;

/** The second largest id. */
export const uid = 2_147_483_646;
export const name = `Anna ${secret}na`;
const formerNames = [`&#196;nne ${secret}al`, `${secret}bl`];

const sentences = [
  `Am Samstag fahre ich mit dem ${secret}rad um den großen ${secret}see herum.`,
  `Unterwegs gibt es ${secret}kuchen und Tee bei meiner Tante in ${secret}dorf am Bach.`,
];
const long = Array.from({ length: 60 }, (_, at) => `Absatz ${at}: ${sentences.join(" ")}`).join("\n");
const links = `[url=http://${secret}li.example/${secret}pfad]Karte[/url] [img]http://bild.${secret}im.example/${secret}b.png[/img]`;

const ownPosts = [
  { pid: 101, name: formerNames[0], content: `${sentences.join(" ")} ${links}`, title: `${secret}titel` },
  { pid: 102, name: formerNames[1], content: long },
  { pid: 103, name, content: `${secret}kurz, oder?` },
  ...Array.from({ length: 30 }, (_, at) => ({ pid: 110 + at, name, content: `${links} Nummer ${at} ${secret}w${at}` })),
].map((post) => ({ ...post, uid, gid: 77 }));

/** Quotes of these posts by others, malformed in every way that occurs. */
const quotes = [
  `[quote=50,101,"${name}"][b]${sentences[0]}[/b][/quote]Gute Fahrt!`,
  `[quote=50,101,"${formerNames[0]}"]${sentences[0]}\n\nIch komme mit, ${kept}.`,
  `[quote=50,103,"${name}"]${secret}kurz, oder?`,
  `[quote=50,101,"${name}"]${secret} ganz anders gesagt`,
  `[quote=50,1000,"Bo"]Na [quote=50,101,"${name}"]${sentences[1]}[/quote] so was[/quote]Ja`,
  `[quote=50,101,"${name}"]${sentences[1]}[quote=50,1000,"Bo"]Na[/quote]`,
  `[quote="${name}"]${sentences[0]}[/quote]`,
  `[quote=${formerNames[1]}]${secret} von früher[/quote]`,
  `[quote='änne ${secret}al']${secret} unklar`,
  `[quote=50,999999,"${name}"]${secret} aus einem fremden Thema[/quote]`,
  `[quote]${sentences[0]} ${links}[/quote]Schön`,
  `[quote]${secret}kurz, oder?[/quote]Nein`,
  `[quote=50,101,"${name}"]Tee[/quote] ${sentences[1]}[/qoute] Ach`,
  `[quote=50,101,"${name}`,
  long.replace("Absatz", `[quote=50,102,"${name}"]Absatz`),
];

/** Broken documents: file name → text, and whether the user occurs in it. */
export const broken: Record<string, { text: string; mentionsUser: boolean }> = {
  "thread-1": { text: `<user id="${uid}">…`, mentionsUser: true },
  "thread-2": { text: `<user id="12${uid}">…<user id="11">Bo`, mentionsUser: false },
  "thread-3": { text: `<user>${name.toUpperCase()}</user`, mentionsUser: true },
  "thread-4": { text: `<user>Änne ${secret}al</user`, mentionsUser: true },
  "thread-5": { text: `<content>… ${sentences[1]} …`, mentionsUser: true },
  "thread-6": { text: '[quote=50,101,"Jemand"]…', mentionsUser: true },
  "thread-7": { text: `<content>${kept} fährt am Samstag mit dem Rad`, mentionsUser: false },
  [`profile-${uid}`]: { text: "<html>", mentionsUser: true },
};

/** The forum, including the user's profile page. */
export function markedForum(): StagedForum {
  const forum = new StagedForum();
  forum.stage({ tid: 50, bid: 14, title: `Thema ${kept}`, tags: ["Rad"], posts: ownPosts });
  forum.stage({
    tid: 51,
    bid: 14,
    posts: [
      { pid: 1000, uid: 11, name: "Bo" },
      ...quotes.map((content, at) => ({ pid: 1001 + at, uid: 11, name: "Bo", content })),
    ],
  });
  const profile = `<html><!-- UID ${uid} --><td class="attrn">Benutzername:</td><td class="attrv"><div class="backlink"></div>${name}</td>
    <td class="attrn">Status:</td><td class="attrv">${secret}st</td><span class="rang">${secret}rang</span>
    <img src="/bb/img/rank/${secret}pic.gif"> ${secret}profil</html>`;
  forum.intercept = ({ pathname }) => (pathname === `/${uid}` ? new Response(Buffer.from(profile, "latin1")) : null);
  return forum;
}

/** Compression writes unseen letters literally, in groups of eight: of fourteen, seven stay contiguous in any case. */
const fragmentsOf = (mark: string) => Array.from({ length: 8 }, (_, at) => Buffer.from(mark.slice(at, at + 7)));

/** Files below a folder that contain the string, compressed or not. */
export async function filesWith(mark: string, folder: string): Promise<string[]> {
  const matches: string[] = [];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((each) => each.isFile())) {
    const path = join(entry.parentPath, entry.name);
    if (await fileContains(path, fragmentsOf(mark))) matches.push(path.slice(folder.length + 1));
  }
  return matches;
}

const chunk_bytes = 1 << 24;
const overlap_bytes = 16;

async function fileContains(path: string, fragments: Buffer[]): Promise<boolean> {
  // A server may delete files meanwhile.
  const file = await open(path).catch(() => null);
  if (!file) return false;
  try {
    const buffer = Buffer.alloc(chunk_bytes);
    for (let at = 0; ; at += chunk_bytes - overlap_bytes) {
      const { bytesRead } = await file.read(buffer, 0, chunk_bytes, at);
      const lower = Buffer.from(buffer.toString("latin1", 0, bytesRead).toLowerCase(), "latin1");
      if (fragments.some((fragment) => lower.includes(fragment))) return true;
      if (bytesRead < chunk_bytes) return false;
    }
  } finally {
    await file.close();
  }
}

/** Tables whose rows or statistics contain the string, compressed or not. */
export async function tablesWith(mark: string, sql: Sql): Promise<string[]> {
  const tables = await sql<{ name: string }[]>`
    select format('%I.%I', schemaname, tablename) as name from pg_tables
    where schemaname !~ '^(pg_|information_schema)' union all select 'pg_catalog.pg_stats'`;
  const matches: string[] = [];
  for (const { name: table } of tables) {
    const rows = await sql.unsafe(`select 1 from ${table} as t where t::text ~* '${mark}' limit 1`);
    if (rows.length > 0) matches.push(table);
  }
  return matches;
}

const decoders: Record<string, (bytes: Uint8Array) => Uint8Array> = {
  br: brotliDecompressSync,
  gzip: gunzipSync,
  zstd: zstdDecompressSync,
  identity: (bytes) => bytes,
};

/** Keys in Redis whose values contain the string. */
export async function keysWith(mark: string, url: string): Promise<string[]> {
  const client = new Bun.RedisClient(url);
  const matches: string[] = [];
  for (const key of (await client.send("KEYS", ["*"])) as string[]) {
    if (((await client.send("TYPE", [key])) as string) !== "string") continue;
    const value = (await client.getBuffer(key)) ?? new Uint8Array();
    const end = value.indexOf(10);
    const { coding } = JSON.parse(Buffer.from(value.subarray(0, end)).toString()) as { coding: string };
    const body = Buffer.from(decoders[coding]?.(value.subarray(end + 1)) ?? []);
    if (body.toString().toLowerCase().includes(mark) || key.includes(mark)) matches.push(key);
  }
  client.close();
  return matches;
}
