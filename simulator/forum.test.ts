/** The wire format, byte for byte, and reproducibility by seed. */
import { describe, expect, test } from "bun:test";
import { createForum } from "./forum.ts";
import { nameAt, type Thread } from "./model.ts";

const forum = createForum({ seed: 3, posts: 3000, years: 4 });
const { history } = forum;

const bytes = async (path: string, from = forum) =>
  new Uint8Array(await from.fetch(new Request(`http://forum.example${path}`)).arrayBuffer());
const xml = async (path: string, from = forum) => new TextDecoder().decode(await bytes(`/bb/xml/${path}`, from));
const html = async (path: string) => new TextDecoder("iso-8859-15").decode(await bytes(path));
const declaration = '<?xml version="1.0" encoding="utf-8" ?>\n';
const head =
  'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="http://forum.mods.de/bb/forum.xsd" current-user-id="0"';

function threadTitled(title: string): Thread {
  const thread = history.threads.find((entry) => entry.titles[0]?.title === title);
  if (!thread) throw new Error(`no thread "${title}"`);
  return thread;
}

const ids = (document: string, element: string) =>
  [...document.matchAll(new RegExp(`<${element} id="(\\d+)"`, "g"))].map(([, id]) => Number(id));
const attribute = (document: string, pattern: RegExp) => pattern.exec(document)?.[1];

describe("a forum", () => {
  test("is the same byte for byte with the same seed, and different with another", async () => {
    const hash = async (seed: number) => {
      const one = createForum({ seed, posts: 1500, years: 2 });
      const hasher = new Bun.CryptoHasher("sha256");
      hasher.update(await bytes("/bb/xml/boards.php", one));
      for (const thread of one.history.threads.slice(0, 200)) {
        hasher.update(await bytes(`/bb/xml/thread.php?TID=${thread.tid}`, one));
      }
      return hasher.digest("hex");
    };
    expect(await hash(1)).toBe(await hash(1));
    expect(await hash(1)).not.toBe(await hash(2));
  });

  test("has the requested number of posts, with ascending ids", () => {
    expect(history.posts.length).toBe(3000);
    for (const thread of history.threads) {
      const pids = thread.posts.map((post) => post.pid);
      expect(pids).toEqual(pids.toSorted((a, b) => a - b));
    }
    expect(new Set(history.posts.map((post) => post.pid)).size).toBe(3000);
    expect(history.posts.every((post) => post.quoted.every((quoted) => quoted.pid < post.pid))).toBe(true);
  });

  test("has posts at New Year's midnight in Berlin", () => {
    const times = new Set(history.posts.map((post) => post.time));
    expect([2015, 2016, 2017, 2018].some((year) => times.has(Date.UTC(year, 0, 1) / 1000 - 3600))).toBe(true);
  });

  test("cannot have fewer than 1,000 posts", () => {
    expect(() => createForum({ posts: 10 })).toThrow("at least 1,000 posts");
  });
});

describe("boards.php", () => {
  test("has two spaces after the root's name, counters in single quotes, no white space between elements", async () => {
    const document = await xml("boards.php");
    expect(
      document.startsWith(
        `${declaration}<categories  ${head} count="8"><category id="6"><name><![CDATA[Plauderecke]]></name>`,
      ),
    ).toBe(true);
    expect(document).toContain(
      `<board id="95"><name><![CDATA[Geschlossene Gesellschaft]]></name><description></description><number-of-threads value='0' /><number-of-replies value='0' /><in-category id="6" /><moderators></moderators></board>`,
    );
    expect(document.slice(declaration.length)).not.toMatch(/>\s+</);
    expect(document).toContain(
      '<category id="24"><name><![CDATA[Intern]]></name><description><![CDATA[für diesen Betrachter ohne ein einziges Board]]></description></category>',
    );
  });

  test("lists a board with a negative counter, and a board that cannot be read", async () => {
    const document = await xml("boards.php");
    const counter = attribute(document, /<board id="75">.*?<number-of-replies value='(-?\d+)'/);
    expect(Number(counter)).toBeLessThan(0);
    expect(await xml("board.php?BID=117")).toBe(`${declaration}<no-access />`);
  });
});

describe("board.php", () => {
  test("has pages of 30, numbered from 1; page 0, null and missing mean page 1; pages past the end are empty", async () => {
    const first = await xml("board.php?BID=14&page=1");
    for (const query of ["", "&page=0", "&page=null"]) expect(await xml(`board.php?BID=14${query}`)).toBe(first);
    expect(first).toContain('<threads with-stickies="1" with-globals="1" page="1" offset="0" count="30">');
    const past = await xml("board.php?BID=14&page=900");
    expect(past).toEndWith('page="900" offset="26970" count="0"></threads></board>');
  });

  test("lists every thread once: pinned threads first, then by latest reply", async () => {
    const listed: number[] = [];
    for (let page = 1; ; page++) {
      const tids = ids(await xml(`board.php?BID=14&page=${page}`), "thread");
      listed.push(...tids);
      if (tids.length < 30) break;
    }
    const own = history.threads.filter((thread) => thread.homes.at(-1)?.board.bid === 14 || thread.isGlobal);
    expect(listed.toSorted((a, b) => a - b)).toEqual(own.map((thread) => thread.tid));
    const plain = listed.filter((tid) => {
      const thread = own.find((entry) => entry.tid === tid);
      return !thread?.isGlobal && !thread?.isImportant && !thread?.isSticky && !thread?.isAnnouncement;
    });
    expect(listed.slice(-plain.length)).toEqual(plain);
    const times = plain.map((tid) =>
      forum.state.lastTime(own.find((entry) => entry.tid === tid) ?? threadTitled("Satzung")),
    );
    expect(times).toEqual(times.toSorted((a, b) => b - a));
  });

  test("lists a global thread in every board, with its home board", async () => {
    const { tid } = threadTitled("Satzung");
    const document = await xml("board.php?BID=91");
    expect(document).toContain(`<thread id="${tid}"><title><![CDATA[Satzung]]></title>`);
    expect(document).toContain(
      '<is-global value="1" /><is-hidden value="0" /><can-close value="0" /><can-hide value="0" /><can-sticky value="0" /><can-hide-posts value="0" /></flags><in-board id="16" />',
    );
    expect(await xml("board.php?BID=91&with-globals=0")).not.toContain(`<thread id="${tid}">`);
    expect(await xml("board.php?BID=25&with-stickies=0")).not.toContain('<is-sticky value="1" />');
  });

  test("responds to an unknown board with invalid-board", async () => {
    for (const query of ["", "?BID=", "?BID=-1", "?BID=4711"]) {
      expect(await xml(`board.php${query}`)).toBe(`${declaration}<invalid-board />`);
    }
  });
});

describe("thread.php: posts", () => {
  test("a post has the layout of the real forum", async () => {
    const { tid, posts } = threadTitled("Satzung");
    const [post] = posts;
    if (!post) throw new Error("no post");
    const document = await xml(`thread.php?TID=${tid}`);
    const person = `<user id="1" group-id="1"><![CDATA[Hausmeister]]></user>`;
    expect(document).toContain(
      `<posts page="1" offset="0" count="1"><post id="${post.pid}">${person}<date timestamp="${post.time}">`,
    );
    expect(document).toContain(
      '<message>\n      <edited count="0"></edited>\n      <content><![CDATA[§ 1 Niemand hat immer recht.\r\n§ 2 Wer zitiert, kürzt.\r\n§ 3 Im Zweifel gilt § 1.]]></content>\n      <title><![CDATA[gilt überall]]></title>\n    </message>',
    );
    expect(document).toEndWith(
      `<icon id="39"><![CDATA[./img/icons/icon10.gif]]></icon><in-thread id="${tid}"><![CDATA[Satzung]]></in-thread><in-board id="16" /></post></posts></thread>`,
    );
  });

  test("an edited post has count, editor and time, indented by eight spaces", async () => {
    const post = history.posts.find(
      (entry) =>
        entry.edits.length === 1 &&
        !entry.hidden &&
        !entry.thread.refusal &&
        !entry.thread.homes.at(-1)?.board.isRestricted,
    );
    const [edit] = post?.edits ?? [];
    if (!post || !edit) throw new Error("nothing was edited");
    const document = await xml(`thread.php?TID=${post.thread.tid}&onlyPID=${post.pid}`);
    expect(document).toContain('<posts count="1">');
    expect(document).toContain(`<edited count="1"><lastedit>\n        <user id="${edit.person.uid}"><![CDATA[`);
    expect(document).toMatch(
      /\n {8}<date timestamp="\d+">\d\d\.\d\d\.\d{4} \d\d:\d\d:\d\d<\/date>\n {6}<\/lastedit><\/edited>\n {6}<content>/,
    );
  });

  test("hidden texts are empty and marked", async () => {
    const post = history.posts.find(
      (entry) => entry.hidden?.kind === "text" && !entry.thread.homes.at(-1)?.board.isRestricted,
    );
    if (!post) throw new Error("no text is hidden");
    const document = await xml(`thread.php?TID=${post.thread.tid}&onlyPID=${post.pid}`);
    expect(document).toContain(`<post id="${post.pid}" is-hidden="texthidden">`);
    expect(document).toContain("<content></content>");
  });

  test("characters outside ISO-8859-15 are references; the eight that Latin-1 lacks arrive as Latin-1 characters", async () => {
    const document = await xml(`thread.php?TID=${threadTitled("Zeichen & Wunder: €, Š und „Anführung“").tid}`);
    expect(document).toContain("<title><![CDATA[Zeichen & Wunder: ¤, ¦ und &#8222;Anführung&#8220;]]></title>");
    expect(document).toContain("Preis: 100 ¤, Name: ¦árka ´i¸ka, ¼uvre, ¾.");
    expect(document).toContain("&#26085;&#26412; &#128512;");
  });

  test("deleted accounts have neither group nor avatar; banned accounts are locked", async () => {
    const visiblePostOf = (isMatch: (uid: number) => boolean) =>
      history.posts.find(
        (post) =>
          isMatch(post.person.uid) &&
          !post.hidden &&
          !post.thread.refusal &&
          !post.thread.homes.at(-1)?.board.isRestricted,
      );
    const deleted = visiblePostOf((uid) => history.people.some((person) => person.uid === uid && person.gid === null));
    if (!deleted) throw new Error("nobody is deleted");
    const document = await xml(`thread.php?TID=${deleted.thread.tid}&onlyPID=${deleted.pid}`);
    expect(document).toContain(`<post id="${deleted.pid}"><user id="${deleted.person.uid}"><![CDATA[`);
    expect(document).toContain("<avatar></avatar>");
    const banned = visiblePostOf((uid) => history.people.some((person) => person.uid === uid && person.isBanned));
    if (!banned) throw new Error("nobody is banned");
    expect(await xml(`thread.php?TID=${banned.thread.tid}&onlyPID=${banned.pid}`)).toContain(
      `<user id="${banned.person.uid}" group-id="3" locked="1">`,
    );
  });
});

describe("thread.php: pages", () => {
  test("a thread of exactly two pages has no third, and pages past the end are empty", async () => {
    const { tid } = threadTitled("Genau zwei Seiten");
    expect(attribute(await xml(`thread.php?TID=${tid}`), /<number-of-pages value='(\d+)'/)).toBe("2");
    expect(ids(await xml(`thread.php?TID=${tid}&page=2`), "post")).toHaveLength(30);
    expect(await xml(`thread.php?TID=${tid}&page=3`)).toEndWith(
      '<posts page="3" offset="60" count="0"></posts></thread>',
    );
    expect(await xml(`thread.php?TID=${tid}&offset=59`)).toContain('<posts offset="59" count="1">');
    expect(await xml(`thread.php?TID=${tid}&page=null&PID=null`)).toBe(await xml(`thread.php?TID=${tid}&page=1`));
  });

  test("PID selects the page of the post, or the first page if the post is in another thread", async () => {
    const { tid, posts } = threadTitled("Genau zwei Seiten");
    const page = async (pid: number) => attribute(await xml(`thread.php?TID=${tid}&PID=${pid}`), /<posts page="(\d+)"/);
    expect(await page(posts[29]?.pid ?? 0)).toBe("1");
    expect(await page(posts[30]?.pid ?? 0)).toBe("2");
    expect(await page(threadTitled("Satzung").posts[0]?.pid ?? 0)).toBe("1");
  });

  test("a hidden last post still counts for replies, pages and positions", async () => {
    const emptied = threadTitled("Die letzte Seite ist leer");
    const last = emptied.posts.at(-1)?.pid;
    const document = await xml(`thread.php?TID=${emptied.tid}&PID=${last}`);
    expect(document).toContain("<number-of-replies value='30' />");
    expect(document).toEndWith('<posts page="2" offset="30" count="0"></posts></thread>');
    const shortened = threadTitled("Der letzte Beitrag ist weg");
    expect(ids(await xml(`thread.php?TID=${shortened.tid}`), "post")).toHaveLength(20);
  });

  test("counters can be too high or too low", async () => {
    const generous = await xml(`thread.php?TID=${threadTitled("Die Seitenzahl verspricht zu viel").tid}`);
    expect(generous).toContain("<number-of-pages value='4' />");
    const stingy = threadTitled("Der Zähler ist zu klein");
    expect(await xml(`thread.php?TID=${stingy.tid}`)).toContain("<number-of-pages value='1' />");
    expect(ids(await xml(`thread.php?TID=${stingy.tid}&page=2`), "post")).toHaveLength(11);
  });

  test("threads that cannot be read are error documents", async () => {
    for (const query of ["", "?TID=0", "?TID=99", `?TID=${threadTitled("Weg zwischen Liste und Lesen").tid}`]) {
      expect(await xml(`thread.php${query}`)).toBe(`${declaration}<invalid-thread />`);
    }
    expect(await xml(`thread.php?TID=${threadTitled("Ausgeblendet").tid}`)).toBe(`${declaration}<thread-hidden />`);
    expect(await xml(`thread.php?TID=${threadTitled("Redaktionssitzung").tid}`)).toBe(`${declaration}<no-access />`);
    expect(await xml("bookmarks.php")).toBe(`${declaration}<not-logged-in />`);
  });
});

describe("HTML pages", () => {
  test("the form with the tags contains an unescaped &", async () => {
    const thread = threadTitled("Das Grundrezept");
    const page = await html(`/bb/thread.php?TID=${thread.tid}`);
    expect(page).toContain(`<form action='thread.php?TID=${thread.tid}&set_thread_groups=1' method='post'>`);
    expect(page).toContain(">Rezepte</a>");
    expect(await html(`/bb/thread.php?TID=${threadTitled("Satzung").tid}`)).not.toContain("<form");
  });

  test("profiles are found by name first, then by uid", async () => {
    const [namesake, shadowed] = [history.people[25], history.people[26]];
    if (!namesake || !shadowed) throw new Error("too few people");
    expect(nameAt(namesake, history.until)).toBe(String(shadowed.uid));
    expect(await html(`/${shadowed.uid}`)).toContain(
      `<html xmlns="http://www.w3.org/1999/xhtml">\n<!-- UID ${namesake.uid} -->\n<!-- P 30 -->\n<!-- L `,
    );
    expect(await html("/Hausmeister")).toContain("<!-- UID 1 -->");
    expect(await html("/4711471")).toBe("Benutzer 4711471 nicht gefunden!\n");
    expect(await html("/%E0%A4%A")).toContain("nicht gefunden!");
  });

  test("are encoded in ISO-8859-15 and declare it", async () => {
    const response = forum.fetch(new Request("http://forum.example/K%C3%A4pt'n%20%C3%96hrchen"));
    expect(response.headers.get("content-type")).toBe("text/html; charset=ISO-8859-15");
    expect(new TextDecoder("iso-8859-15").decode(await response.arrayBuffer())).toContain(
      "<title>mods.de Profil: Käpt'n Öhrchen</title>",
    );
  });
});

test("moveTo: an earlier moment has fewer posts, and the end has all posts", async () => {
  const early = createForum({ seed: 3, posts: 3000, years: 4 });
  const middle = (history.from + history.until) / 2;
  early.moveTo(middle);
  const counts = early.history.threads.map((thread) => early.state.visiblePosts(thread).length);
  const total = counts.reduce((sum, count) => sum + count, 0);
  expect(total).toBeGreaterThan(500);
  expect(total).toBeLessThan(2500);
  const late = early.history.threads.findLast((thread) => (thread.posts[0]?.time ?? 0) > middle);
  expect(await xml(`thread.php?TID=${late?.tid}`, early)).toBe(`${declaration}<invalid-thread />`);
  early.moveTo(early.history.until);
  expect(await xml("boards.php", early)).toBe(await xml("boards.php"));
});

test("isProportioned: the forum has the proportions of the real one", () => {
  const { threads, posts: all } = createForum({ posts: 50_000, isProportioned: true }).history;
  const main = threads.filter((thread) => thread.homes[0]?.board.bid === 14);
  const posts = main.reduce((sum, thread) => sum + thread.posts.length, 0);
  expect(posts / all.length).toBeWithin(0.75, 0.85);
  expect(posts / main.length).toBeWithin(120, 300);
  expect((all.length - posts) / (threads.length - main.length)).toBeWithin(10, 22);
});
