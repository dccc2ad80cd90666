/** The categories and boards, in the order in which the forum lists them. */
import type { Board, Category } from "./model.ts";

type Plan = [
  bid: number,
  name: string,
  description: string,
  topics: string[],
  weight: number,
  more?: Partial<Pick<Board, "isRestricted" | "replyOffset">> & { openedAfter?: number },
];

const plan: [cid: number, name: string, description: string, boards: Plan[]][] = [
  [
    6,
    "Plauderecke",
    "Alles & nichts",
    [
      [95, "Geschlossene Gesellschaft", "", [], 0, { isRestricted: true }],
      [
        14,
        "Öffentliches Allerlei",
        "für das, was sonst nirgends hingehört",
        ["life", "film", "music", "football", "kitchen"],
        46,
      ],
      [16, "Ankündigungen & Satzung", "das Kleingedruckte", ["life"], 0.6],
      [
        138,
        "Jubiläumstreffen",
        "wer bringt den Kartoffelsalat mit?",
        ["kitchen", "life", "cars"],
        4,
        { openedAfter: 0.8 },
      ],
    ],
  ],
  [
    20,
    "Spiele",
    "",
    [
      [19, "Shooter-Ecke", "Karten, Server, Ausreden", ["games", "hardware"], 9],
      [66, "Rollenspieler", "Würfel & Tabellen", ["games"], 6],
      [97, "Online-Welten", "", ["games"], 5],
    ],
  ],
  [
    23,
    "Technik",
    "vom Lötkolben bis zur Datenbank",
    [
      [10, "Hardware & Netzwerk", "Kaufberatung und Fehlersuche", ["hardware"], 11],
      [43, "Webseiten & Programmieren", "", ["code"], 6],
      [87, "Fenster und Pinguine", "Betriebssysteme", ["code", "hardware"], 3],
    ],
  ],
  [
    21,
    "Kultur",
    "",
    [
      [91, "Film & Fernsehen", "ohne Gewähr, mit Spoilern", ["film"], 4],
      [92, "Musik", "", ["music"], 3],
      [25, "Küche", "Rezepte und Katastrophen", ["kitchen"], 4],
    ],
  ],
  [
    12,
    "Treffpunkt Regionen",
    "",
    [
      [51, "Norden", "Moin", ["life", "cars"], 1.2],
      [55, "Rhein & Ruhr", "Köln, Düsseldorf und der Rest", ["life", "football"], 2],
      [46, "Südwesten", "", ["life", "kitchen"], 1],
    ],
  ],
  [
    13,
    "Nicht öffentlich",
    "Proberaum",
    [
      [117, "Redaktion", "", ["life"], 0.8, { isRestricted: true }],
      [75, "Probebrett", "zählt rückwärts", ["code"], 0.5, { replyOffset: -439 }],
    ],
  ],
  [24, "Intern", "für diesen Betrachter ohne ein einziges Board", []],
  [26, "Archive", "", [[108, "Archiv: Allerlei", "nur zum Lesen", ["life"], 0.5]]],
];

/** The most active board. */
const main = 14;

/** The proportions of forum.mods.de in 2014: four of five posts are in the main board, 240 per thread; elsewhere 17. */
const proportioned = (bid: number, weight: number) =>
  bid === main ? { weight: weight * 5.4, opening: 0.006 } : { weight, opening: 0.08 };

/**
 * @param from the forum's first day
 * @param until the forum's last day
 * @param isProportioned whether four of five posts are in the main board, in long threads; otherwise every board has
 * some
 */
export function createCategories(from: number, until: number, isProportioned: boolean): Category[] {
  return plan.map(([cid, name, description, boards]) => ({
    cid,
    name,
    description,
    boards: boards.map(([bid, boardName, text, topics, weight, more]) => ({
      bid,
      cid,
      name: boardName,
      description: text,
      topics,
      ...(isProportioned ? proportioned(bid, weight) : { weight, opening: 0.05 }),
      opened: from + (more?.openedAfter ?? 0) * (until - from),
      isRestricted: more?.isRestricted ?? false,
      replyOffset: more?.replyOffset ?? 0,
      moderators: [],
      threads: [],
    })),
  }));
}
