/** Threads that trip crawlers: every seed has one of each kind. */
import { day_s } from "./clock.ts";
import { addPost, type Board, newThread, type Person, type Thread } from "./model.ts";
import type { Random } from "./random.ts";

/** @returns threads with about 330 posts in total */
export function createEdgeCases(
  random: Random,
  people: Person[],
  boards: Board[],
  from: number,
  until: number,
): Thread[] {
  const threads: Thread[] = [];
  const board = (bid: number): Board => {
    const match = boards.find((entry) => entry.bid === bid);
    if (!match) throw new Error(`no board ${bid}`);
    return match;
  };
  const admin = people[0];
  const regulars = people.slice(8, 16);
  if (!admin) throw new Error("a forum without people");
  const add = (bid: number, at: number, title: string, replies: number, more: Partial<Thread> = {}): Thread => {
    let time = Math.round(from + at * (until - from));
    const thread = newThread(board(bid), time, title, more);
    const opener = more.isAnnouncement ? admin : random.pick(regulars);
    addPost(thread, time, opener, { icon: more.isAnnouncement ? 39 : 0, title: thread.subtitle });
    for (let index = 0; index < replies; index++) {
      time += random.between(60, 5000);
      addPost(thread, time, random.pick(regulars));
    }
    threads.push(thread);
    return thread;
  };
  const rules = { isAnnouncement: true, isImportant: true, isSticky: true, closed: from + 60 * day_s };
  const satzung = add(16, 0.01, "Satzung", 0, { ...rules, isGlobal: true, subtitle: "gilt überall" });
  Object.assign(satzung.posts[0] ?? {}, {
    text: "§ 1 Niemand hat immer recht.\r\n§ 2 Wer zitiert, kürzt.\r\n§ 3 Im Zweifel gilt § 1.",
  });
  add(16, 0.9, "Der Forumsserver zieht um", 4, {
    isGlobal: true,
    isImportant: true,
    subtitle: "Ausfall am Wochenende",
  });
  for (const bid of [14, 19, 10, 91])
    add(bid, 0.02, "Regeln & Liste der Sammelthreads", 0, { ...rules, subtitle: "bitte lesen" });
  add(25, 0.3, "Das Grundrezept", 12, { isSticky: true, topic: "kitchen", tags: ["Rezepte"] });

  add(43, 0.35, "Genau eine Seite", 29);
  add(43, 0.4, "Genau zwei Seiten", 59);
  add(87, 0.45, "Die Seitenzahl verspricht zu viel", 32, { replyOffset: 70 });
  add(87, 0.5, "Der Zähler ist zu klein", 40, { replyOffset: -25 });
  const shortened = add(10, 0.55, "Der letzte Beitrag ist weg", 20);
  const emptied = add(10, 0.56, "Die letzte Seite ist leer", 30);
  for (const thread of [shortened, emptied]) {
    const last = thread.posts.at(-1);
    if (last) last.hidden = { from: last.time + 3600, kind: "post" };
  }
  const headless = add(91, 0.58, "Ohne ersten Beitrag", 6);
  if (headless.posts[0]) headless.posts[0].hidden = { from: headless.posts[0].time + 60, kind: "post" };
  add(66, 0.6, "Weg zwischen Liste und Lesen", 3, { refusal: { from: 0, root: "invalid-thread" } });
  add(66, 0.61, "Ausgeblendet", 3, { refusal: { from: 0, root: "thread-hidden" } });
  add(75, 0.7, "Probe", 1);
  add(117, 0.7, "Redaktionssitzung", 5);
  add(108, 0.2, "Was bisher geschah", 8, { closed: from });
  for (let index = 0; index < 5; index++) add(14, 0.15 + index / 7, "Niemand antwortet mir", 0);

  const odd = add(14, 0.75, "Zeichen & Wunder: €, Š und „Anführung“", 2, { subtitle: "100 % &amp; mehr" });
  const [opening, self] = odd.posts;
  if (opening && self) {
    opening.text =
      "Preis: 100 €, Name: Šárka Žižka, Œuvre, Ÿ.\r\nAnführung: „unten“ und “oben”, Gedankenstrich – so. 日本 😀";
    self.person = opening.person;
    self.quoted = [opening];
  }
  return threads;
}
