/** Invented posts that test the engines; each covers one case. */
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { analyze } from "@potstats/analytics/analyze";
import {
  insertBoard,
  insertPost,
  insertThread,
  insertUser,
  testDatabase,
  type TestDatabase,
} from "@potstats/db/testing/database";
import { openMeilisearch, type OpenMeilisearch } from "../embedded.ts";

export const timezone = "Europe/Berlin";
export const monstrous = 'O\'Neil "der" <b>: & |';

/** Pids in the thread that tests paging: 200 to 269. */
export const repeated = Array.from({ length: 70 }, (_, n) => 200 + n);

const posts: [pid: number, tid: number, uid: number, time: string, content: string, more?: object][] = [
  [1, 100, 10, "2011-12-31T22:59:59Z", "Der Dampfer liegt an der Straße in Köln."],
  [2, 100, 11, "2011-12-31T23:00:00Z", "Die Dampfer fuhren nach Koeln, neue Strasse."],
  [3, 101, 12, "2012-05-01T10:00:00Z", "Im Nebel sieht man den alten Dampfer nicht, ein Dampfer im NEBEL."],
  [
    4,
    101,
    12,
    "2012-04-30T22:00:00Z",
    '[quote=100,1,"Karl"]Der Dampfer liegt an der Straße[/quote]Grüße an aktuelle Poeten.',
  ],
  [
    5,
    102,
    13,
    "2012-06-01T10:00:00Z",
    "[url=http://example.org/x]Verweis auf den Fahrplan[/url] und eine E-Mail-Adresse",
  ],
  [6, 102, 13, "2012-06-02T10:00:00Z", "[img]http://example.org/x.png[/img] Bild vom Nebel"],
  [
    7,
    102,
    13,
    "2012-06-03T10:00:00Z",
    "[video]http://example.org/x.webm[/video] [url]http://example.org[/url] Film vom Hafen",
  ],
  [8, 100, 10, "2012-06-04T10:00:00Z", "Dampfer versteckt", { is_hidden: true }],
  [9, 100, 10, "2012-06-05T10:00:00Z", "Dampfer verschwunden", { gone_at: new Date(0) }],
  [10, 100, 10, "2012-06-06T10:00:00Z", ""],
  [11, 100, 10, "2012-06-07T10:00:00Z", "Inhalt darunter", { title: "Überschrift" }],
  [12, 100, 10, "2012-06-08T10:00:00Z", "Das ist &#228;rgerlich &lt;b&gt; <script>alert('Dampfboot')</script>"],
  [13, 100, 10, "2012-06-09T10:00:00Z", "Die Donaudampfschifffahrt ruht"],
  [14, 100, 10, "2012-06-10T10:00:00Z", '[quote=100,1,"Karl"]Der Dampfer[/quote]'],
  [15, 100, 10, "2012-06-11T10:00:00Z", "Sonderzeichen &#189; m² c++ 100% a_b 'x' & | ! <-> :* ( ) \\"],
  [16, 104, 10, "2012-06-12T10:00:00Z", "Dampfer in einem Thema, das verschwand"],
  [17, 105, 14, "2012-06-13T10:00:00Z", "eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn"],
  [18, 105, 14, "2012-06-14T10:00:00Z", "eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf"],
  [19, 105, 14, "2012-06-15T10:00:00Z", "Akte 47110815 und Akte 47110816"],
  [20, 106, 14, "2012-06-16T10:00:00Z", "Ein Thema ohne Brett: Leuchtturm"],
];

export interface Corpus {
  database: TestDatabase;
  meili: TestMeilisearch;
  stop(): Promise<void>;
}

export const runAnalysis = ({ sql }: Pick<TestDatabase, "sql">, full = false) =>
  analyze({ sql, timezone, forumUrl: "https://forum.example", full });

export interface TestMeilisearch extends OpenMeilisearch {
  /** Of its data. */
  folder: string;
  /** Sends a signal to the server. */
  kill(signal: NodeJS.Signals): void;
}

/** Starts a separate Meilisearch. */
export async function startMeilisearch(): Promise<TestMeilisearch> {
  const folder = await mkdtemp(join(tmpdir(), "potstats search "));
  const meili = await openMeilisearch({ MEILI_URL: undefined, MEILI_MASTER_KEY: undefined, DATA_DIR: folder });
  if (!meili) throw new Error("there is no Meilisearch for this machine");
  const data = join(folder, "meilisearch");
  return {
    ...meili,
    folder: data,
    kill: (signal) => {
      const { pid } = JSON.parse(readFileSync(join(data, "running.json"), "utf8")) as { pid: number };
      process.kill(pid, signal);
    },
    close: async () => {
      await meili.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A database with the analyzed corpus, and a Meilisearch; nothing is indexed yet. */
export async function makeCorpus(): Promise<Corpus> {
  const [database, meili] = await Promise.all([testDatabase(), startMeilisearch()]);
  const { sql } = database;
  await insertBoard(sql, 1, { name: "Allgemeines" });
  await insertBoard(sql, 2, { name: "Öffentliche Räume" });
  await insertBoard(sql, 3, { name: "???" });
  await insertUser(sql, 10, { name: "Karl" });
  await insertUser(sql, 11, { name: "kARL" });
  await insertUser(sql, 12, { name: "Erna Groß", aliases: ["Ernestine", "ALTE Erna"] });
  await insertUser(sql, 13, { name: monstrous });
  await insertUser(sql, 14, { name: "Jörg" });
  await insertThread(sql, 100, {
    bid: 1,
    title: "Dampfer auf der Elbe",
    subtitle: "mit Straßenbahn",
    tags: ["Schiffe", "Große Fahrt"],
  });
  await insertThread(sql, 101, { bid: 2, title: "Köln im Nebel", tags: ["Wetter"] });
  await insertThread(sql, 102, { bid: 2, title: "Bilder <b>", tags: ["Wetter", "Schiffe"] });
  await insertThread(sql, 103, { bid: 1, title: "Dampfer wiederholt" });
  await insertThread(sql, 104, { bid: 1, title: "Dampfer fort", gone_at: new Date(0) });
  await insertThread(sql, 105, { bid: 3, title: "Zahlen" });
  await insertThread(sql, 106, { title: "Ohne Brett" });
  for (const [pid, tid, uid, time, content, more] of posts)
    await insertPost(sql, { pid, tid, poster_uid: uid, timestamp: new Date(time), content, ...more });
  for (const pid of repeated) {
    const timestamp = new Date(Date.UTC(2013, 0, 1 + ((pid * 37) % 90)));
    await insertPost(sql, { pid, tid: 103, poster_uid: 14, timestamp, content: `Wiederholung ${pid}` });
  }
  await runAnalysis(database, true);
  return {
    database,
    meili,
    stop: async () => {
      await meili.close();
      await database.drop();
    },
  };
}
