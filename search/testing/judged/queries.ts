/**
 * Queries with the posts and threads that must come first: judged as people who wrote or look for these posts would,
 * before any ranking was tuned. What mentions the words in passing is acceptable or, if they have nothing to do with each
 * other there, irrelevant. What is not listed is irrelevant.
 */

/** 3: must be first; 2: good; 1: acceptable. */
export type Grade = 1 | 2 | 3;

export interface JudgedQuery {
  typed: string;
  type: "post" | "thread";
  /** What the query is about to show. */
  kind: string;
  /** By key: `thread/number` of posts, `thread` of threads. */
  grades: Readonly<Record<string, Grade>>;
  /** A word is misspelled: nothing matches as typed. */
  isMisspelled: boolean;
}

type Grades = Record<string, Grade>;
type Row = [typed: string, grades: Grades];

const about = (type: "post" | "thread", kind: string, rows: Row[], isMisspelled = false): JudgedQuery[] =>
  rows.map(([typed, grades]) => ({ typed, type, kind, grades, isMisspelled }));

export const judgedQueries: readonly JudgedQuery[] = [
  ...about("post", "a word", [
    ["Wärmeleitpaste", { "paste/1": 3, "paste/2": 3, "paste/4": 1, "schnitt/2": 1 }],
    ["Espressomaschine", { "espresso/1": 3, "espresso/2": 3, "hochzeit/2": 1 }],
    ["Basilikum", { "basilikum/1": 3, "basilikum/2": 3, "basilikum/3": 2, "pesto/1": 1, "salat/5": 1 }],
    ["Plattenspieler", { "platte/1": 3, "platte/2": 3, "flohmarkt/1": 1 }],
    ["Volksentscheid", { "volksentscheid/1": 3, "volksentscheid/2": 2, "stammtisch/1": 1 }],
    ["Vermieter", { "kaution/1": 3, "kaution/2": 2, "schimmel/1": 2, "schimmel/2": 2, "schimmel/4": 1, "salat/2": 1 }],
    ["Schimmel", { "schimmel/1": 3, "schimmel/2": 3, "schimmel/3": 2, "salat/2": 1 }],
  ]),
  ...about("post", "several words", [
    ["zahnriemen wechseln", { "zahnriemen/1": 3, "zahnriemen/2": 3, "zahnriemen/3": 2, "salat/4": 1 }],
    ["was darf das kosten", { "zahnriemen/1": 3 }],
    ["espressomaschine entkalken", { "espresso/1": 3, "espresso/2": 3 }],
    ["vermieter kaution", { "kaution/1": 3, "kaution/2": 2, "salat/2": 1 }],
    ["plattenspieler brummt", { "platte/1": 3, "platte/2": 3, "flohmarkt/1": 1 }],
    ["winterreifen ganzjahresreifen", { "reifen/1": 3, "reifen/2": 3, "salat/4": 1 }],
    ["debatte mindestlohn", { "mindestlohn/1": 3, "mindestlohn/2": 2, "stammtisch/1": 1 }],
    ["pfannkuchen ohne ei", { "pfannkuchen/1": 3, "pfannkuchen/2": 3, "pfannkuchen/3": 1 }],
    ["zelt sturm", { "zelt/1": 3, "salat/1": 1 }],
  ]),
  ...about("post", "rare and common words", [
    ["der fuchs", { "flohmarkt/1": 3, "flohmarkt/2": 2 }],
    ["die gräfin", { "moor/1": 3, "moor/2": 3, "moor/3": 2, "schloss/2": 1, "flohmarkt/3": 1 }],
    ["wie am ersten tag", { "espresso/4": 3 }],
  ]),
  ...about("post", "inflected words", [
    ["Bänderrisse", { "baender/2": 3, "baender/1": 2, "salat/4": 1 }],
    ["kündigen", { "kuendigung/2": 3, "kuendigung/1": 2, "kuendigung/3": 2, "salat/5": 1 }],
    ["Äpfel", { "apfel/2": 3, "pesto/3": 3, "apfel/1": 2, "apfel/3": 1, "salat/5": 1 }],
    ["Apfel", { "apfel/1": 3, "apfel/2": 2, "pesto/3": 2, "apfel/3": 1, "salat/5": 1 }],
    ["Zelte", { "zelt/2": 3, "zelt/1": 2, "treffen10/1": 1, "radtour/1": 1, "salat/1": 1 }],
    ["Gitarren", { "gitarre/4": 3, "gitarre/1": 2, "gitarre/2": 2, "salat/1": 1 }],
    ["Bremsscheibe", { "bremse/1": 3, "bremse/2": 2, "bremse/3": 2 }],
    ["Baenderriss", { "baender/1": 3, "baender/2": 2, "salat/4": 1 }],
  ]),
  ...about("post", "compounds", [
    ["Schloss", { "schloss/1": 3, "rad/1": 3, "rad/3": 2, "rad/2": 2, "rad/4": 2, "salat/5": 1 }],
    ["Kabel", { "kabel/2": 3, "wlan/3": 3, "kabel/3": 2, "platte/3": 2, "kabel/1": 2, "ssd/1": 1, "kabel/4": 1 }],
    ["Pilze", { "pilze/1": 3, "pilze/2": 2, "pilze/3": 2, "pesto/2": 2, "salat/5": 1 }],
    [
      "Versicherung",
      {
        "versicherung/1": 3,
        "versicherung/2": 3,
        "versicherung/3": 3,
        "autokauf/3": 2,
        "versicherung/4": 1,
        "salat/5": 1,
      },
    ],
  ]),
  ...about("post", "titles of posts", [
    ["Gasgrill", { "grill/3": 3, "grill/1": 2, "grill/2": 2, "grill/4": 1, "salat/5": 1 }],
    ["Tierarzt", { "katze/2": 3, "katze/1": 2, "katze/3": 1, "salat/4": 1 }],
    ["Firmware", { "ssd/3": 3, "ssd/2": 2, "salat/4": 1 }],
  ]),
  ...about("post", "names", [
    ["Hedwig Sandkuhl", { "moor/1": 3, "moor/4": 3 }],
    ["kapelle nebelhorn", { "kapelle/1": 3, "salat/3": 1 }],
    ["Leuchtfeuer Nord", { "serie/1": 3, "serie/2": 3 }],
  ]),
  ...about("post", "phrases", [
    ['"die gräfin vom moor"', { "moor/1": 3, "schloss/2": 2, "flohmarkt/3": 1 }],
    ['"ebbe im kopf"', { "kapelle/1": 3, "salat/3": 1 }],
  ]),
  ...about("post", "unfinished words", [
    ["wärmeleitp", { "paste/1": 3, "paste/2": 3, "paste/4": 1, "schnitt/2": 1 }],
    ["bewerbung geh", { "gehalt/1": 3, "gehalt/2": 3, "salat/5": 1 }],
    ["mindestlohn deb", { "mindestlohn/1": 3, "mindestlohn/2": 2, "stammtisch/1": 1 }],
  ]),
  ...about("post", "words exactly as typed", [
    ["+Apfel", { "apfel/1": 3, "apfel/2": 1, "pesto/3": 1, "salat/5": 1 }],
    ["+C++", { "regex/4": 3, "regex/2": 2, "regex/3": 2 }],
    ["Vermiter", { "typo/3": 3 }],
  ]),
  ...about("post", "filters", [
    ["vermieter board:öffentliches year:2013", { "schimmel/1": 3, "schimmel/2": 3, "schimmel/4": 1, "salat/2": 1 }],
    ["kuchen -apfelkuchen user:blaubeere", { "schloss/1": 3, "pfannkuchen/1": 3 }],
  ]),
  ...about("post", "equal texts, newest first", [
    ["rasenmäher abholung", { "verkauf/2": 3, "verkauf/3": 2, "verkauf/1": 1 }],
    ["schubkarre kuchen", { "verkauf/5": 3, "verkauf/6": 2, "verkauf/4": 1 }],
  ]),
  ...about(
    "post",
    "misspelled words",
    [
      ["Wärmleitpaste", { "paste/1": 3, "paste/2": 3, "paste/4": 1, "schnitt/2": 1 }],
      ["Espressomachine entkalken", { "espresso/1": 3, "espresso/2": 3 }],
      ["Vermeiter Kaution", { "kaution/1": 3, "kaution/2": 2, "salat/2": 1 }],
      ["Volksendscheid", { "volksentscheid/1": 3, "volksentscheid/2": 2, "stammtisch/1": 1 }],
      ["Hedwig Sandkul", { "moor/1": 3, "moor/4": 3 }],
    ],
    true,
  ),
  ...about("thread", "title, subtitle, tag", [
    ["Gitarre", { gitarre: 3, verstaerker: 2, probe: 1 }],
    ["Versicherung", { versicherung: 3, hagel: 2, unfall: 1 }],
    ["Hochzeit", { hochzeit: 3, kuchen: 2, anzug: 1 }],
    ["Zelt", { zelt: 3, packliste: 2, platz: 1 }],
  ]),
  ...about("thread", "equal titles, newest first", [
    ["sommerfest baggersee", { treffen10: 3, treffen09: 2, treffen08: 1 }],
    ["tag:flohmarkt", { flohmarkt: 3, trikot: 2, verkauf: 1 }],
  ]),
];
