/**
 * A small forum with a random history: seeded steps change the crawled tables as crawls do, one revision per step.
 * Posts cluster on a few days, so that several users share a day, and around midnights and clock changes.
 */
import { createRandom } from "@potstats/bbcode/testing/random";
import type { Sql } from "@potstats/db/connect";

interface UserRow {
  uid: number;
  name: string | null;
  aliases: string[];
  registered: string | null;
}

interface ThreadRow {
  tid: number;
  bid: number | null;
  title: string | null;
  subtitle: string | null;
  tags: string[] | null;
  is_closed: boolean;
  gone_at: string | null;
  first_pid: number | null;
}

interface PostRow {
  pid: number;
  tid: number | null;
  poster_uid: number | null;
  timestamp: string | null;
  edit_count: number | null;
  is_hidden: true | null;
  gone_at: string | null;
  content_length: number | null;
  title: string | null;
  content: string | null;
}

/**
 * In UTC: early years, midnights in Berlin and UTC around New Year, leap days, clock changes. In 2010 the day
 * begins in St. John's, and has not begun again a quarter of an hour later.
 */
const moments = [
  "1893-03-31 23:06:00",
  "1969-12-31 23:59:59",
  "2010-11-07 02:30:30",
  "2010-11-07 02:45:00",
  "2011-12-31 22:59:59",
  "2011-12-31 23:00:00",
  "2011-12-31 23:59:59",
  "2012-01-01 00:00:00",
  "2012-02-28 23:30:00",
  "2012-02-29 12:00:00",
  "2012-02-29 23:00:00",
  "2012-03-01 00:00:00",
  "2012-03-25 00:59:59",
  "2012-03-25 01:00:00",
  "2012-10-28 00:30:00",
  "2012-10-28 01:30:00",
  "2012-06-30 22:00:00",
  "2012-06-30 21:59:59",
  "2012-12-31 22:30:00",
  "2012-12-31 23:30:00",
];
const days = [
  "2011-12-31",
  "2012-02-29",
  "2012-07-02",
  "2012-07-09",
  // The last day, and two weeks before it.
  "2013-06-17",
  "2013-06-23",
  "2013-06-24",
  "2013-06-30",
  "2013-07-01",
];
const words = [
  "Hallo",
  "½uvre",
  "&#8222;ja&#8220;",
  "Größe",
  ":)",
  "\u00a0\u3000Rand \ufeff",
  "´é",
  "x ",
  "\n",
  "\u3000",
  "\u2003ö",
  "ö\u2003",
  "€",
  "é",
  "😀",
  "[b]fett[/b]",
  "[code]x[/code]",
  "",
  "a&amp;b",
];
/** Some of them name a series. */
const titles = [
  ...words,
  "K&#246;chthread",
  "Koechthread Teil 2",
  "KÖCHTHREAD #III",
  "Köchthread 2012 die Nr. 4",
  "Teil 5",
];
const hosts = ["a.example", "B.example", "b.example:8080", "müller.example", "forum.example"];
const names = ["Anna", "anna", "[Höhlenmensch]", "ß&#228;", "½il", "Ärger"];

export class History {
  readonly boards = new Map<number, { bid: number; name: string | null; description: string | null }>();
  readonly users = new Map<number, UserRow>();
  readonly threads = new Map<number, ThreadRow>();
  readonly posts = new Map<number, PostRow>();
  /** All changes so far, for the message of a failing test. */
  readonly log: string[] = [];
  private readonly random: () => number;
  private changed = {
    boards: new Set<number>(),
    users: new Set<number>(),
    threads: new Set<number>(),
    posts: new Set<number>(),
  };

  constructor(
    private readonly sql: Sql,
    seed: number,
  ) {
    this.random = createRandom(seed);
  }

  /** The first crawl: boards, users, threads and posts. Some users and threads have no posts. */
  async populate(posts: number): Promise<void> {
    for (let at = 0; at < 4; at++) this.addBoard();
    for (let at = 0; at < 7; at++) this.addUser();
    for (let at = 0; at < 12; at++) this.addThread();
    for (let at = 0; at < posts; at++) this.addPost();
    await this.write();
  }

  /** A later crawl: a few random changes. */
  async step(): Promise<void> {
    const count = 1 + this.below(6);
    for (let at = 0; at < count; at++) this.pick(this.kinds)();
    await this.write();
  }

  private readonly kinds = [
    ...Array.from({ length: 6 }, () => () => this.addPost()),
    () => this.addThread(),
    () => this.addUser(),
    () => this.addBoard(),
    ...Array.from(
      { length: 3 },
      () => () => this.change("edit", { content: this.content(), edit_count: this.below(5) }),
    ),
    () => this.change("new length only", { content_length: this.below(3) === 0 ? null : this.below(500) }),
    () => this.change("new title", { title: this.pick([null, "", "Titel &#189;", "Neu"]) }),
    () => this.change("hide", { is_hidden: true }),
    () => this.change("show", { is_hidden: null }),
    () => this.change("vanish", { gone_at: "2014-01-01 00:00:00" }),
    () => this.change("reappear", { gone_at: null }),
    () => this.change("other time", { timestamp: this.moment() }),
    () => this.change("other poster", { poster_uid: this.poster() }),
    () => this.change("to another thread", { tid: this.tid() }),
    () => this.change("to no thread", { tid: null }),
    () => this.changeThread("to another board", { bid: this.bid() }),
    () =>
      this.changeThread("retitled", {
        title: this.pick(titles),
        subtitle: this.word(),
        tags: this.pick([null, [], ["a", "½"]]),
      }),
    () => this.changeThread("gone", { gone_at: "2014-01-01 00:00:00" }),
    () => this.changeThread("back", { gone_at: null, is_closed: this.below(2) === 0 }),
    () => this.changeThread("read, unchanged", {}),
    () => this.changeThread("other first post", { first_pid: this.below(5) === 0 ? null : this.pid() }),
    () => this.rename(),
    () => this.renameBoard(),
  ];

  private below(limit: number): number {
    return Math.floor(this.random() * limit);
  }

  private pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T;
  }

  private readonly word = () => this.pick(words);
  private readonly pid = () => this.pick([...this.posts.keys()]);
  private readonly tid = () => this.pick([...this.threads.keys()]);
  private readonly bid = () => (this.below(8) === 0 ? null : this.pick([...this.boards.keys()]));
  /** The last user never posts; one post in 15 has no known poster. */
  private readonly poster = () =>
    this.below(15) === 0 ? null : this.pick([...this.users.keys()].slice(0, this.below(2) === 0 ? 3 : -1));

  private moment(): string | null {
    if (this.below(25) === 0) return null;
    if (this.below(3) === 0) return this.pick(moments);
    return `${this.pick(days)} ${String(this.below(24)).padStart(2, "0")}:${String(this.below(60)).padStart(2, "0")}:00`;
  }

  private content(): string | null {
    if (this.below(20) === 0) return null;
    const parts: string[] = [];
    for (let at = this.below(4); at >= 0; at--) {
      const quoted = this.below(10) === 0 || this.posts.size === 0 ? 900_000 + this.below(3) : this.pid();
      const host = this.pick(hosts);
      parts.push(
        this.pick([
          () => this.word(),
          () => `[quote=1,${quoted},"${this.pick(names)}"]${this.word()}[/quote]`,
          () =>
            `[QUOTE=1,${quoted},"A"][quote=1,${this.below(50)},"B"]${this.word()}[/quote][url=http://c.example][/quote]`,
          () =>
            this.pick(["[quote=kaputt]x[/quote]", "[quote]", "[/quote]", "[code]", "[url=data:x]", "[url=http://]"]),
          () => `[url=http://${host}/${this.below(3)}]${this.word()}[/url]`,
          () => `[img]http://${host}/x.png[/img]`,
          () => `[video]${host}/v[/video]`,
        ])(),
      );
    }
    return parts.join(" ");
  }

  private addBoard(): void {
    const bid = this.boards.size + 1;
    this.boards.set(bid, { bid, name: this.pick([null, `Brett ${bid}`, "Caf&#233;"]), description: this.word() });
    this.changed.boards.add(bid);
    this.log.push(`board ${bid}`);
  }

  private addUser(): void {
    const uid = 100 + this.users.size;
    this.users.set(uid, {
      uid,
      name: this.below(10) === 0 ? null : `${this.pick(names)} ${uid}`,
      aliases: [],
      registered: this.moment(),
    });
    this.changed.users.add(uid);
    this.log.push(`user ${uid}`);
  }

  private addThread(): void {
    const tid = 1 + this.threads.size;
    this.threads.set(tid, {
      tid,
      bid: this.bid(),
      title: `Thema ${tid}`,
      subtitle: null,
      tags: null,
      is_closed: false,
      gone_at: null,
      first_pid: null,
    });
    this.changed.threads.add(tid);
    this.log.push(`thread ${tid}`);
  }

  private addPost(): void {
    // Crawls read one board after another, so a post that is new to the database may be old.
    const pid = this.below(3) === 0 ? this.freePid() : Math.max(0, ...this.posts.keys()) + 1 + this.below(3);
    const tid = this.below(2) === 0 ? this.pick([1, 2, 3]) : this.tid();
    const content = this.content();
    const post: PostRow = {
      pid,
      tid,
      poster_uid: this.poster(),
      timestamp: this.moment(),
      edit_count: this.below(10) === 0 ? null : Math.max(0, this.below(6) - 3),
      is_hidden: this.below(12) === 0 ? true : null,
      gone_at: this.below(20) === 0 ? "2014-01-01 00:00:00" : null,
      content_length: content === null ? 0 : Array.from(content).length,
      title: this.below(6) === 0 ? "Überschrift" : null,
      content,
    };
    this.posts.set(pid, post);
    this.changed.posts.add(pid);
    const thread = this.threads.get(tid) as ThreadRow;
    if (thread.first_pid === null || pid < thread.first_pid) this.changeThread("opened", { first_pid: pid }, tid);
    this.log.push(`post ${pid} in ${tid}`);
  }

  private freePid(): number {
    for (let pid = 1; ; pid++) if (!this.posts.has(pid)) return pid;
  }

  private change(what: string, values: Partial<PostRow>, pid = this.pid()): void {
    Object.assign(this.posts.get(pid) as PostRow, values);
    this.changed.posts.add(pid);
    this.log.push(`post ${pid}: ${what}`);
  }

  private changeThread(what: string, values: Partial<ThreadRow>, tid = this.tid()): void {
    Object.assign(this.threads.get(tid) as ThreadRow, values);
    this.changed.threads.add(tid);
    this.log.push(`thread ${tid}: ${what}`);
  }

  private rename(): void {
    const user = this.users.get(this.pick([...this.users.keys()])) as UserRow;
    if (user.name !== null) user.aliases.push(user.name);
    user.name = `${this.pick(names)} ${this.below(1000)}`;
    if (this.below(3) === 0) user.registered = this.moment();
    this.changed.users.add(user.uid);
    this.log.push(`user ${user.uid}: renamed`);
  }

  private renameBoard(): void {
    const bid = this.pick([...this.boards.keys()]);
    this.boards.set(bid, { bid, name: this.word(), description: this.word() });
    this.changed.boards.add(bid);
    this.log.push(`board ${bid}: renamed`);
  }

  /** Writes the changes in one transaction, with the next revision. */
  private async write(): Promise<void> {
    const rowsOf = <T>(all: Map<number, T>, ids: Set<number>) => JSON.stringify([...ids].map((id) => all.get(id)));
    const { boards, users, threads, posts } = this.changed;
    await this.sql.begin(async (sql) => {
      const [{ revision } = { revision: 0 }] = await sql<
        { revision: number }[]
      >`select nextval('crawl_revision') as revision`;
      await sql`insert into categories (cid, name) values (1, 'Kategorie &#49;') on conflict do nothing`;
      // Every third board has no category.
      await sql`
        insert into boards (bid, cid, name, description, revision)
        select bid, case when bid % 3 <> 0 then 1 end, name, description, ${revision}
        from json_to_recordset(${rowsOf(this.boards, boards)}::text::json) as r (bid int, name varchar, description varchar)
        on conflict (bid) do update set name = excluded.name, description = excluded.description, revision = excluded.revision`;
      await sql`
        insert into users (uid, name, aliases, registered, revision)
        select uid, name, aliases, registered, ${revision}
        from json_to_recordset(${rowsOf(this.users, users)}::text::json) as r (uid int, name varchar, aliases jsonb, registered timestamp)
        on conflict (uid) do update set name = excluded.name, aliases = excluded.aliases,
          registered = excluded.registered, revision = excluded.revision`;
      const threadRows = rowsOf(this.threads, threads);
      await sql`
        insert into threads (tid, bid, title, subtitle, tags, is_closed, gone_at, revision)
        select tid, bid, title, subtitle, tags, is_closed, gone_at, ${revision}
        from json_to_recordset(${threadRows}::text::json)
          as r (tid int, bid int, title varchar, subtitle varchar, tags jsonb, is_closed bool, gone_at timestamp)
        on conflict (tid) do update set bid = excluded.bid, title = excluded.title, subtitle = excluded.subtitle, tags = excluded.tags,
          is_closed = excluded.is_closed, gone_at = excluded.gone_at, revision = excluded.revision`;
      const postRows = rowsOf(this.posts, posts);
      await sql`
        insert into posts (pid, tid, poster_uid, timestamp, edit_count, is_hidden, gone_at, content_length, revision)
        select pid, tid, poster_uid, timestamp, edit_count, is_hidden, gone_at, content_length, ${revision}
        from json_to_recordset(${postRows}::text::json) as r (pid int, tid int, poster_uid int, timestamp timestamp, edit_count int,
          is_hidden bool, gone_at timestamp, content_length int)
        on conflict (pid) do update set tid = excluded.tid, poster_uid = excluded.poster_uid, timestamp = excluded.timestamp,
          edit_count = excluded.edit_count, is_hidden = excluded.is_hidden, gone_at = excluded.gone_at,
          content_length = excluded.content_length, revision = excluded.revision`;
      await sql`
        insert into post_contents (pid, title, content)
        select pid, title, content from json_to_recordset(${postRows}::text::json) as r (pid int, title varchar, content text)
        on conflict (pid) do update set title = excluded.title, content = excluded.content`;
      await sql`
        update threads t set first_pid = r.first_pid
        from json_to_recordset(${threadRows}::text::json) as r (tid int, first_pid int) where r.tid = t.tid`;
    });
    this.changed = { boards: new Set(), users: new Set(), threads: new Set(), posts: new Set() };
  }
}
