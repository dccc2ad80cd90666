/** A random forum: boards, users, threads and posts, as the forum sends them and as people read them. */
import { mix, Random } from "@potstats/simulator/random";
import { type Content, longContent, randomContent, randomTitle, shortContent, type Text } from "./markup.ts";

export interface Board {
  bid: number;
  name: Text;
}

export interface User {
  uid: number;
  name: Text;
  aliases: Text[];
}

export interface Thread {
  tid: number;
  bid: number | null;
  title: Text;
  subtitle: Text;
  tags: Text[];
  isGone: boolean;
}

export interface Post {
  pid: number;
  tid: number;
  uid: number;
  time: Date;
  title: Text;
  content: Content;
  isHidden: boolean;
  isGone: boolean;
}

export interface Forum {
  boards: Board[];
  users: User[];
  threads: Thread[];
  posts: Post[];
}

const text = (own: string): Text => ({ raw: own, own });
const noText = text("");

/** Names that begin with each other, with signs, references and nothing to fold. */
const boardNames: Text[] = [
  ...["Film", "Film & Fernsehen", "Öffentliches Allerlei", "Straßenbahn", "???", "C++ und C#", "Film - Archiv"].map(
    text,
  ),
  { raw: "K&#252;che", own: "Küche" },
];

const userNames: Text[] = [
  ...`Karl kARL§Erna Groß§Sir "Zitat" Mecker§O'Neil "der" <b>: & |§[klammer]Affe§0815§12§Mr. %20§zwei  Leerzeichen§ÄÖÜßäöü§Größenwahn]`
    .split("§")
    .map(text),
  ...["Karl", "Doppelgänger", "Doppelgänger", "doppelgänger", '"Boss"', "user:karl", "-minus", "Ümit", "ŠÁRKA"].map(
    text,
  ),
  { raw: "J&#246;rg", own: "Jörg" },
  { raw: "¤uro-Paule", own: "€uro-Paule" },
];

/** Former names; some are the current name of another user. */
const formerNames = ["Ernestine", "ALTE Erna", "Karl", "Doppelgänger", "Jörg", "früher mal", "0815", "Nutzer 5"].map(
  text,
);

const day_ms = 86_400_000;
const [from, until] = [Date.UTC(2004, 0, 1), Date.UTC(2011, 11, 31)];

/** Moments around which days, months, years and daylight saving time begin and end in Berlin. */
const edges = [
  ...[2005, 2007, 2010].map((year) => Date.UTC(year - 1, 11, 31, 23)),
  Date.UTC(2006, 2, 26, 1),
  Date.UTC(2006, 2, 25, 23),
  Date.UTC(2006, 2, 26, 22),
  Date.UTC(2008, 9, 26, 1),
  Date.UTC(2008, 9, 25, 22),
  Date.UTC(2008, 9, 26, 23),
  Date.UTC(2009, 3, 30, 22),
  Date.UTC(2009, 1, 28, 23),
  Date.UTC(2008, 1, 28, 23),
];

/** Times grow with the pid, but not strictly. */
function randomTime(random: Random, share: number): Date {
  const usual = from + share * (until - from) + (random.next() - 0.5) * 3 * day_ms;
  if (random.chance(0.02)) return new Date(Math.floor(from + random.next() * (until - from)));
  const near = edges.find((edge) => Math.abs(edge - usual) < 20 * day_ms);
  if (near === undefined || random.chance(0.4)) return new Date(Math.floor(usual / 1000) * 1000);
  return new Date(near + random.pick([-3_600_000, -1000, -1000, 0, 0, 1000, 3_600_000]));
}

export function randomPost(random: Random, pid: number, tid: number, users: User[], share: number): Post {
  return {
    pid,
    tid,
    // The first users write most.
    uid: users[Math.floor(random.next() ** 2 * users.length)]?.uid ?? 0,
    time: randomTime(random, share),
    title: random.chance(0.05) ? randomTitle(random, random.between(1, 3)) : noText,
    content: randomContent(random),
    isHidden: random.chance(0.02),
    isGone: random.chance(0.02),
  };
}

export const randomThread = (random: Random, tid: number, boards: Board[]): Thread => ({
  tid,
  bid: random.chance(0.03) ? null : random.pick(boards).bid,
  title: randomTitle(random, random.between(1, 4)),
  subtitle: random.chance(0.5) ? randomTitle(random, random.between(1, 3)) : noText,
  tags: Array.from({ length: random.below(4) }, () => randomTitle(random, random.between(1, 2))),
  isGone: random.chance(0.04),
});

/**
 * The sizes of the forum: more posts than PostgreSQL looks at before it decides how to search. Besides the users who
 * write the posts, some write only one.
 */
const sizes = { users: 40, threads: 150, posts: 4400, passersBy: 150 };
/** A word that only they write, each once. */
const census = "Volkszählung";

/** The pids of posts of 10,000 words. */
const longPids = [500, 1500, 2500];

/** Deterministic for a seed. */
export function randomForum(seed: number): Forum {
  const random = new Random(mix(seed, 1));
  const boards = boardNames.map((name, at) => ({ bid: 1 + at * 3, name }));
  const users = Array.from({ length: sizes.users }, (_, at): User => {
    const aliases = Array.from({ length: random.chance(0.3) ? random.between(1, 2) : 0 }, () =>
      random.pick(formerNames),
    );
    const name = userNames[at] ?? text(`Nutzer ${at}`);
    return { uid: 10 + at * 2, name, aliases: [...new Set(aliases)].filter(({ own }) => own !== name.own) };
  });
  const threads = Array.from({ length: sizes.threads }, (_, at) => randomThread(random, 1 + at, boards));
  const posts = Array.from({ length: sizes.posts }, (_, at) => {
    // Some threads have most of the posts, and the last ones none.
    const thread = threads[Math.floor(random.next() ** 1.5 * (sizes.threads - 3))];
    return randomPost(random, 1 + at, thread?.tid ?? 1, users, at / sizes.posts);
  });
  for (const pid of longPids) {
    const post = posts[pid];
    if (post) post.content = longContent(random, 10_000);
  }
  for (let at = 0; at < sizes.passersBy; at++) {
    // In another order than the posts.
    const uid = 1000 + ((at * 37) % sizes.passersBy);
    users.push({ uid, name: text(`Passant ${uid}`), aliases: [] });
    const content = shortContent(`${census} ${at}`);
    const post = randomPost(random, sizes.posts + 1 + at, random.pick(threads).tid, users, 1);
    posts.push({ ...post, uid, content });
  }
  return { boards, users, threads, posts };
}
