/** The forum's history, post by post: who writes when, where, and in reply to whom. */
import { createCategories } from "./boards.ts";
import { day_s, fromWallClock } from "./clock.ts";
import { addPost, type Board, type Category, newThread, type Person, type Post, type Thread } from "./model.ts";
import { createLandmarks } from "./landmarks.ts";
import { createPeople, hoursOf } from "./people.ts";
import { cumulativeSums, mix, Random } from "./random.ts";
import { roman } from "./roman.ts";
import { createEdgeCases } from "./edge-cases.ts";
import { plantMemories } from "./memories.ts";
import { moments } from "./timeline.ts";
import { topics } from "./words.ts";

export interface History {
  people: Person[];
  categories: Category[];
  boards: Board[];
  /** Ascending by id. */
  threads: Thread[];
  /** Ascending by id, and so by time. */
  posts: Post[];
  from: number;
  until: number;
}

/** Icons of posts. Icon 55 has no known picture. */
const icons = [1, 2, 28, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 54, 55] as const;

/** The current conversations in a board. */
interface Conversations {
  /** The threads at the top of the list, latest first. */
  active: Thread[];
  collective: { thread: Thread; name: string; number: number }[];
}

/**
 * @param count the number of posts
 * @param years the length of the history, which ends on 30 June 2018
 * @param isProportioned see {@link createCategories}
 */
export function createHistory(seed: number, count: number, years: number, isProportioned = false): History {
  const random = new Random(mix(seed, 0));
  const [localFrom, localUntil] = [Date.UTC(2018 - years, 6, 1) / 1000, Date.UTC(2018, 6, 1) / 1000];
  const [from, until] = [fromWallClock(localFrom), fromWallClock(localUntil)];
  const categories = createCategories(from, until, isProportioned);
  const boards = categories.flatMap((category) => category.boards);
  const populated = boards.filter((board) => board.weight > 0);
  const members = Math.max(60, Math.round(count ** 0.6));
  const people = createPeople(
    random,
    members,
    from,
    until,
    populated.map((board) => board.bid),
  );
  for (const [index, board] of populated.entries()) {
    board.moderators = people.slice(1 + (index % 6), 2 + (index % 6) + (index % 2));
  }
  const threads = createEdgeCases(new Random(mix(seed, 1)), people, boards, from, until);
  const edgeCasePosts = threads.reduce((sum, thread) => sum + thread.posts.length, 0);
  const writing = new Writing(random, people, populated, Math.min(1500, Math.max(150, count / 80)), until);
  for (const time of moments(random, count - edgeCasePosts, localFrom, localUntil)) writing.write(time);
  const landmarks = createLandmarks({ random: new Random(mix(seed, 2)), people, boards, from, until });
  removePosts(
    writing.threads,
    landmarks.reduce((sum, thread) => sum + thread.posts.length, 0),
  );
  threads.push(...writing.threads, ...landmarks);
  const history = { people, categories, boards, from, until, ...assignIds(random, threads, boards, until) };
  plantMemories(history);
  return history;
}

/** Removes replies that nobody quotes, spread over the whole history, to make room for others. */
function removePosts(threads: Thread[], count: number): void {
  const quoted = new Set(threads.flatMap((thread) => thread.posts.flatMap((post) => post.quoted)));
  const replies = threads.flatMap((thread) => thread.posts.slice(1)).filter((post) => !quoted.has(post));
  const removed = new Set(
    Array.from({ length: count }, (_, index) => replies[Math.floor((index * replies.length) / count)]),
  );
  for (const thread of threads) thread.posts = thread.posts.filter((post) => !removed.has(post));
}

/** Assigns ids to threads and posts in chronological order, and adds the threads to their boards. */
function assignIds(
  random: Random,
  threads: Thread[],
  boards: Board[],
  until: number,
): Pick<History, "threads" | "posts"> {
  threads.sort((a, b) => (a.posts[0]?.time ?? 0) - (b.posts[0]?.time ?? 0));
  let tid = 150_000;
  for (const thread of threads) {
    thread.tid = tid += random.between(1, 4);
    thread.hits ||= thread.posts.length * random.between(15, 60) + random.below(200);
    for (const { board } of thread.homes) board.threads.push(thread);
  }
  const posts = threads.flatMap((thread) => thread.posts).toSorted((a, b) => a.time - b.time);
  let pid = 1_073_741_900;
  for (const post of posts) post.pid = pid += random.between(1, 5);
  for (const board of boards) board.threads = [...new Set(board.threads)];
  for (const thread of threads) if (thread.closed !== null && thread.closed > until) thread.closed = null;
  return { threads, posts };
}

/** Writes the posts one after another. */
class Writing {
  threads: Thread[] = [];
  #conversations = new Map<Board, Conversations>();
  #writers = new Map<string, number[]>();
  #boardWeights: number[] = [];
  #opened = 0;

  constructor(
    readonly random: Random,
    readonly people: Person[],
    readonly boards: Board[],
    /** The number of posts after which a collective thread is continued in a new thread. */
    readonly maxCollectivePosts: number,
    readonly until: number,
  ) {}

  write(time: number): void {
    const { random } = this;
    const board = this.#board(time);
    const conversations = this.#conversations.get(board) ?? { active: [], collective: [] };
    this.#conversations.set(board, conversations);
    const collective = board.weight > 2 && random.chance(0.3);
    if (collective) return this.#writeCollective(board, conversations, time);
    const thread = random.chance(board.opening) ? null : this.#activeThread(conversations);
    if (!thread) return this.#openThread(board, conversations, time);
    this.#reply(thread, board, time);
    if (random.chance(0.004)) {
      thread.closed = time + random.below(day_s);
      conversations.active.shift();
    }
  }

  #board(time: number): Board {
    const open = this.boards.filter((board) => board.opened <= time);
    if (open.length !== this.#opened) {
      this.#opened = open.length;
      this.#boardWeights = cumulativeSums(open.map((board) => board.weight));
    }
    const board = open[this.random.weighted(this.#boardWeights)];
    if (!board) throw new Error("no board is open");
    return board;
  }

  /** Picks one of the threads at the top, which moves to the first place. */
  #activeThread(conversations: Conversations): Thread | null {
    let index = 0;
    while (index < conversations.active.length - 1 && this.random.chance(0.45)) index++;
    const [thread] = conversations.active.splice(index, 1);
    if (thread) conversations.active.unshift(thread);
    return thread ?? null;
  }

  #openThread(board: Board, conversations: Conversations, time: number): void {
    const { random } = this;
    const topic = random.pick(board.topics);
    const words = topics[topic];
    if (!words) throw new Error(`no words for ${topic}`);
    const [nominative, dative] = random.pick(words.things);
    const title = random.pick([
      `${capitalized(nominative)} ${random.pick(words.does)}`,
      `Frage zu ${dative}`,
      `${capitalized(nominative)} – Erfahrungen?`,
      `Hilfe: ${nominative} ${random.pick(words.does)}!`,
      `[Umfrage] ${capitalized(nominative)}: ja oder nein?`,
      `Tipps & Tricks: ${capitalized(nominative)}`,
      `${capitalized(nominative)}`,
    ]);
    const thread = newThread(board, time, title, {
      topic,
      subtitle: random.chance(0.4) ? random.pick(words.does) : "",
      tags: random.chance(0.5) ? [random.pick(words.tags)] : [],
      isImportant: random.chance(0.002),
    });
    this.threads.push(thread);
    addPost(thread, time, this.#writer(board, time), {
      icon: random.chance(0.4) ? random.pick(icons) : 0,
      title: random.chance(0.5) ? thread.subtitle : "",
    });
    conversations.active.unshift(thread);
    conversations.active.length = Math.min(conversations.active.length, 14);
    if (random.chance(0.006)) {
      const home = random.pick(this.boards.filter((other) => other !== board));
      thread.homes.push({ from: time + random.between(1, 20) * day_s, board: home });
    }
    if (random.chance(0.004)) {
      thread.refusal = {
        from: time + random.between(1, 300) * day_s,
        root: random.pick(["invalid-thread", "thread-hidden"]),
      };
    }
    if (random.chance(0.01)) {
      thread.titles.push({ from: time + random.between(3600, 9 * day_s), title: `${title} (gelöst)` });
    }
  }

  #writeCollective(board: Board, conversations: Conversations, time: number): void {
    const { random } = this;
    const names = board.topics.flatMap((topic) => topics[topic]?.collective.map((name) => ({ topic, name })) ?? []);
    const { topic, name } = random.pick(names);
    let current = conversations.collective.find((entry) => entry.name === name);
    if (!current || current.thread.posts.length >= this.maxCollectivePosts) {
      const number = (current?.number ?? 0) + 1;
      const thread = newThread(board, time, number === 1 ? name : `${name} ${roman(number)}`, {
        topic,
        subtitle: number === 1 ? "der Sammelthread" : `Teil ${roman(number)}`,
        tags: [...new Set([...(topics[topic]?.tags ?? []), "Sammelthread"])],
      });
      this.threads.push(thread);
      const previous = current?.thread;
      addPost(thread, time, this.#writer(board, time), { quoted: previous?.posts.slice(-1) ?? [], icon: 54 });
      if (previous) previous.closed = time;
      conversations.collective = [
        ...conversations.collective.filter((entry) => entry.name !== name),
        { thread, name, number },
      ];
      return;
    }
    this.#reply(current.thread, board, time);
  }

  #reply(thread: Thread, board: Board, time: number): void {
    const { random } = this;
    const last = thread.posts.at(-1);
    const person = this.#partner(thread, time) ?? this.#writer(board, time);
    const post = addPost(thread, time, person);
    if (random.chance(0.04)) post.icon = random.pick(icons);
    if (random.chance(0.02)) post.title = random.pick(["Nachtrag", "Re: Re: Re:", "Wichtig!", "Ähm …"]);
    if (last && random.chance(person.quoting)) post.quoted = this.#quoted(thread, person);
    if (random.chance(0.15)) this.#edit(post, board);
    if (random.chance(0.006)) {
      post.hidden = { from: time + random.below(3 * day_s), kind: random.chance(0.5) ? "text" : "post" };
    }
  }

  /** Prefers posts of friends; occasionally quotes two posts, or one from another thread. */
  #quoted(thread: Thread, person: Person): Post[] {
    const { random } = this;
    // Few people reply to themselves.
    const earlier = thread.posts.slice(-15, -1).filter((post) => post.person !== person || random.chance(0.05));
    const friends = earlier.filter((post) => person.friends.has(post.person.uid));
    const pick = () => {
      if (friends.length > 0 && random.chance(0.6)) return random.pick(friends);
      if (random.chance(0.03)) return random.pick(random.pick(this.threads).posts);
      return earlier[earlier.length - 1 - Math.floor(random.next() ** 2 * earlier.length)];
    };
    return Array.from({ length: random.chance(0.06) ? 2 : 1 }, pick).filter((post) => post !== undefined);
  }

  #edit(post: Post, board: Board): void {
    const { random } = this;
    const isByModerator = board.moderators.length > 0 && random.chance(0.07);
    let time = post.time;
    for (let count = random.chance(0.2) ? random.between(2, 5) : 1; count > 0; count--) {
      time += Math.round(random.next() ** 3 * 3 * day_s) + 20;
      if (time > this.until) return;
      post.edits.push({
        time,
        person: isByModerator ? random.pick(board.moderators) : post.person,
        addition: isByModerator
          ? "[mod]Bitte beim Thema bleiben.[/mod]"
          : random.pick(["edit: Tippfehler", "Edit: hat sich erledigt.", "Nachtrag: es lag am Kabel.", "/e: danke!"]),
      });
    }
  }

  /** Somebody who wrote in the thread recently, so that conversations develop. */
  #partner(thread: Thread, time: number): Person | null {
    const { random } = this;
    if (!random.chance(0.45)) return null;
    const recent = thread.posts.slice(-8, -1).filter((post) => time - post.time < 3 * day_s && post.person.left > time);
    const person = recent.length > 0 ? random.pick(recent).person : null;
    return person === thread.posts.at(-1)?.person && random.chance(0.85) ? null : person;
  }

  #writer(board: Board, time: number): Person {
    const { random, people } = this;
    const year = new Date(time * 1000).getUTCFullYear();
    const key = `${board.bid} ${year}`;
    let weights = this.#writers.get(key);
    if (!weights) {
      const [start, end] = [Date.UTC(year) / 1000, Date.UTC(year + 1) / 1000];
      weights = cumulativeSums(
        people.map((person) =>
          person.left > start && person.joined < end ? person.activity * (person.boards.has(board.bid) ? 1 : 0.12) : 0,
        ),
      );
      this.#writers.set(key, weights);
    }
    const hour = new Date((time + 3600) * 1000).getUTCHours();
    for (let attempt = 0; attempt < 20; attempt++) {
      const person = people[random.weighted(weights)];
      if (!person || person.joined > time || person.left < time) continue;
      if (attempt > 8 || random.chance(0.08 + (hoursOf[person.rhythm][hour] ?? 0))) return person;
    }
    return people[31] ?? random.pick(people);
  }
}

const capitalized = (text: string) => (text[0] ?? "").toUpperCase() + text.slice(1);
