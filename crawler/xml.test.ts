import { describe, expect, test } from "bun:test";
import { BrokenDocument, decodeXml, parseForumXml, type ThreadDocument } from "./xml.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const declaration = '<?xml version="1.0" encoding="utf-8" ?>\n';

describe("documents that are a root and nothing else", () => {
  test.each([
    "invalid-board",
    "invalid-thread",
    "no-access",
    "thread-hidden",
    "not-logged-in",
    "forum-offline",
    "never-seen",
  ])("%s", (root) => expect(parseForumXml(bytes(`${declaration}<${root} />`))).toEqual({ kind: "refusal", root }));
  test("a root we know, but empty, is no document of that kind", () =>
    expect(parseForumXml(bytes(`${declaration}<thread />`))).toEqual({ kind: "refusal", root: "thread" }));
});

describe("bytes that are no document", () => {
  test.each([
    ["nothing", ""],
    ["text", "Datenbankfehler"],
    ["an HTML page", "<!DOCTYPE html>\n<html><body>502</body></html>"],
    ["an HTML page without doctype", "<html><body>502</body></html>"],
    ["cut off in a tag", `${declaration}<thread  id="1"><title`],
    ["cut off in CDATA", `${declaration}<thread  id="1"><title><![CDATA[x`],
    ["cut off between elements", `${declaration}<thread  id="1"><posts page="1"></posts>`],
    ["crossed tags", `${declaration}<thread  id="1"><a><b></a></b></thread>`],
    ["two roots", `${declaration}<thread-hidden /><thread-hidden />`],
    ["text behind the end", `${declaration}<thread-hidden />x`],
    ["a thread without posts", `${declaration}<thread  id="1"><title></title></thread>`],
    ["a board without threads", `${declaration}<board  id="1"><name></name></board>`],
    [
      "names that would reach into JavaScript",
      `${declaration}<thread  id="1"><__proto__>1</__proto__><posts></posts></thread>`,
    ],
    ["elements nested without end", `${declaration}<thread  id="1">${"<a>".repeat(10_000)}`],
  ])("%s", (_, text) => expect(() => parseForumXml(bytes(text))).toThrow(BrokenDocument));

  test("entity bombs and external entities are refused, not expanded", () => {
    const bomb = `<!DOCTYPE thread [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><thread  id="1"><title>&b;</title><posts></posts></thread>`;
    expect(() => parseForumXml(bytes(declaration + bomb))).toThrow("document type declaration");
    const external = `<!DOCTYPE thread SYSTEM "file:///etc/passwd"><thread  id="1"><posts></posts></thread>`;
    expect(() => parseForumXml(bytes(declaration + external))).toThrow("document type declaration");
  });
});

const thread = (posts: string) =>
  parseForumXml(
    bytes(
      `${declaration}<thread  id="7"><posts page="1" offset="0" count="1">${posts}</posts><in-board id="3" /></thread>`,
    ),
  ) as ThreadDocument;

test("a doctype, tags and entities inside a post are its text", () => {
  const content = "<!DOCTYPE x [<!ENTITY a 'b'>]> <b> &a; &#65; > ' \"";
  const { posts } = thread(
    `<post id="9"><message><title></title><content><![CDATA[${content}]]></content></message><user id="2"><![CDATA[a]]></user></post>`,
  );
  expect(posts[0]?.content).toBe(content);
});

test("elements are read by name, whatever their order", () => {
  const { posts, thread: head } = thread(
    `<post is-hidden="texthidden" id="9"><in-board id="3" /><icon id="28" /><avatar id="5"><![CDATA[./a.gif]]></avatar>` +
      `<message><title><![CDATA[t]]></title><content><![CDATA[c]]></content><edited count="1"><lastedit><date timestamp="12" /><user id="4"><![CDATA[e]]></user></lastedit></edited></message>` +
      `<date timestamp="11">x</date><user group-id="6" id="2"><![CDATA[p]]></user></post>`,
  );
  expect(head.bid).toBe(3);
  expect(posts).toEqual([
    {
      pid: 9,
      poster: { uid: 2, name: "p", gid: 6 },
      timestamp: 11,
      edit_count: 1,
      last_edit: { user: { uid: 4, name: "e", gid: null }, timestamp: 12 },
      is_hidden: true,
      title: "t",
      content: "c",
      avatar: { avid: 5, path: "./a.gif" },
      icon_id: 28,
    },
  ]);
});

test("a CDATA section that had to be split is one text", () => {
  const { posts } = thread(`<post id="9"><message><content><![CDATA[a]]]]><![CDATA[>b]]></content></message></post>`);
  expect(posts[0]?.content).toBe("a]]>b");
});

test("ids beyond 2^31 are none: the post is skipped, a poster left out, both reported", () => {
  const document = thread(
    `<post id="2147483648"></post><post id="9"><user id="4294967296"><![CDATA[a]]></user><avatar id="99999999999"></avatar></post>`,
  );
  expect(document.posts.map(({ pid, poster, avatar }) => [pid, poster.uid, avatar])).toEqual([[9, null, null]]);
  expect(document.entry_count).toBe(2);
  expect(document.problems).toHaveLength(2);
});

test("an unknown way to be hidden is hidden, and reported", () => {
  const document = thread(`<post id="9" is-hidden="vanished"><user id="1"></user></post>`);
  expect(document.posts[0]?.is_hidden).toBe(true);
  expect(document.problems[0]).toContain("vanished");
});

test("characters that XML or PostgreSQL cannot hold are dropped, line ends become LF", () => {
  expect(
    decodeXml(new Uint8Array([0xef, 0xbb, 0xbf, 0x61, 0, 0x0b, 0x0d, 0x0a, 0x0d, 0x09, 0xef, 0xbf, 0xbe, 0xfc])),
  ).toBe("a\n\n\t\uFFFD");
});
