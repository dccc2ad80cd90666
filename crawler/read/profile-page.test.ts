import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { decodeHtml, parseProfile, parseTags, type Profile } from "./profile-page.ts";
import { BrokenDocumentError } from "./xml.ts";

const page = decodeHtml(await Bun.file(join(import.meta.dirname, "fixtures/profile.html")).bytes());

function profile(html: string, uid = 2001): Profile & { problems: string[] } {
  const answer = parseProfile(html.replace("UID 2001", `UID ${uid}`), uid);
  if (answer.kind !== "profile") throw new Error(answer.kind);
  return { ...answer.profile, problems: answer.problems };
}

const withPictures = (...names: string[]) =>
  page.replace(
    /(<img alt="\*"[^>]*>)+/,
    names.map((name) => `<img alt="*" src="//forum.mods.de/bb/img/rank/${name}.gif"/>`).join(""),
  );

describe("tiers", () => {
  const nine = ["rot", "blau", "hellblau", "orange", "gruen", "schwarz", "empty", "empty", "empty"];
  test.each([
    ["nine pictures", nine, "rbhogseee", "standard"],
    ["eleven with both ends", ["links", ...nine, "rechts"], "rbhogseee", "standard"],
    ["seven", nine.slice(0, 7), "rbhogse", "special"],
    ["seven hearts", Array(7).fill("herz1"), "herz1", "special"],
    ["one picture", ["pokal"], "pokal", "special"],
    ["none", [], "", "special"],
  ] as [string, string[], string, string][])("%s", (_, pictures, bars, type) => {
    const { tier, problems } = profile(withPictures(...pictures));
    expect(tier).toEqual({ name: "Spamkönig", bars, type: type as "standard" });
    expect(problems).toEqual([]);
  });
  test("any other number is special and reported", () => {
    const { tier, problems } = profile(withPictures("rot", "rot", "blau"));
    expect(tier).toMatchObject({ bars: "rrb", type: "special" });
    expect(problems).toHaveLength(1);
  });
  test("without rank and pictures there is no tier", () =>
    expect(profile(withPictures().replace("Spamk&ouml;nig", "")).tier).toBeNull());
  test("uid 28377 has a tier of its own name", () =>
    expect(profile(withPictures("pokal").replace("Spamk&ouml;nig", ""), 28_377).tier?.name).toBe("enos"));
});

describe("account states", () => {
  const state = (text: string) => profile(page.replace("aktiv</td>", `${text}</td>`));
  test("gesperrt", () => expect(state("gesperrt")).toMatchObject({ account_state: "locked", locked_until: null }));
  test("gesperrt bis", () =>
    expect(state("gesperrt bis 01.02.2003")).toMatchObject({
      account_state: "locked_temp",
      locked_until: "2003-02-01 00:00:00",
    }));
  test("an unknown state is reported", () => expect(state("verschollen").problems).toHaveLength(1));
});

describe("an invalid date is null and reported", () => {
  const odd = [
    "31.02.2013 15:20",
    "26.02.0000 15:20",
    "26.13.2013 15:20",
    "26.02.2013 25:20",
    "26.02.2013",
    "99.99.9999 99:99",
  ];
  test.each(odd)("%s", (date) => {
    const read = profile(page.replace("26.02.2013 15:20", date));
    expect(read.registered).toBeNull();
    expect(read.last_seen).toBe("2019-11-30 10:32:00");
    expect(read.problems).toEqual([expect.stringContaining(`invalid date, left out: "${date}`)]);
  });
  test("of the end of a lock", () => {
    const read = profile(page.replace("aktiv</td>", "gesperrt bis 30.02.2013</td>"));
    expect(read).toMatchObject({ account_state: "locked_temp", locked_until: null });
    expect(read.problems).toHaveLength(1);
  });
});

test("a problem is reported in one short line that cannot control a terminal", () => {
  const { problems } = profile(page.replace("aktiv</td>", `\u001b[2J\n${"verschollen".repeat(300_000)}</td>`));
  expect(problems).toEqual([expect.stringContaining('unknown account state "␛[2J verschollen')]);
  expect(problems[0]?.length).toBeLessThan(260);
});

describe("a page is read by its words in any layout", () => {
  const rows = (text: string) => [
    ...text.matchAll(/<td class="attrn">([\s\S]*?)<\/td>\s*<td class="attrv">([\s\S]*?)<\/td>/g),
  ];
  const laidOut = (row: (label: string, value: string) => string, order = (list: string[]) => list) =>
    page.replace(/<table>[\s\S]*<\/table>/, (table) => {
      const cell = /<td rowspan[\s\S]*?<\/td>/.exec(table)?.[0] ?? "";
      return `<table><tr>${cell}</tr>${order(rows(table).map(([, name = "", value = ""]) => row(name, value))).join("\n")}</table>`;
    });
  const same = profile(page);
  test.each([
    [
      "other classes",
      page
        .replaceAll("attrn", "name")
        .replaceAll("attrv", "wert")
        .replaceAll("backlink", "zurueck")
        .replace('class="rang"', 'class="titel"'),
    ],
    ["no classes", page.replace(/ class="(?:attr.|backlink|color.)"/g, "")],
    [
      "capitals and no quotation marks",
      page
        .replace(/<(\/?)(t[dr]|table|div|span|a)\b/g, (_, end: string, name: string) => `<${end}${name.toUpperCase()}`)
        .replaceAll('class="attrn"', "CLASS=x"),
    ],
    ["th", laidOut((name, value) => `<tr><th scope="row">${name}</th><td>${value}</td></tr>`)],
    ["without the colon", laidOut((name, value) => `<tr><td>${name.replace(":", "")}</td><td>${value}</td></tr>`)],
    ["dl", laidOut((name, value) => `<dl><dt>${name}</dt><dd>${value}</dd></dl>`)],
    ["end tags left out", laidOut((name, value) => `<tr><td>${name}<td>${value}`)],
    ["label and value in one cell", laidOut((name, value) => `<tr><td><b>${name}</b>&nbsp;${value}</td></tr>`)],
    [
      "no table",
      laidOut((name, value) => `<div><span>${name}</span></div><div>${value}</div>`).replaceAll(
        /<\/?(?:table|tr)>/g,
        "",
      ),
    ],
    [
      "nested",
      laidOut(
        (name, value) =>
          `<tr><td><div><table><tr><td><p>${name}</p></td><td><p><em>${value}</em></p></td></tr></table></div></td></tr>`,
      ),
    ],
    [
      "another order",
      laidOut(
        (name, value) => `<tr><td>${name}</td><td>${value}</td></tr>`,
        (list) => list.toReversed(),
      ),
    ],
    [
      "unknown rows between",
      laidOut((name, value) => `<tr><td>${name}</td><td>${value}</td></tr><tr><td>Wohnort:</td><td>Status</td></tr>`),
    ],
    [
      "a login form above",
      page.replace("<table>", "<table><tr><td>Benutzername:</td><td><input name='x'></td></tr></table><table>"),
    ],
    [
      "more after the end",
      page.replace("</body>", "<p>Benutzername: Falsch</p></body>").replace("</html>", "</html><!-- 0.1 s -->"),
    ],
    [
      "comments and scripts",
      page.replaceAll("<td", "<!-- <td>Benutzername: Falsch --><script>'<td>Status: falsch'</script><td"),
    ],
  ])("%s", (_, html) => expect(profile(html)).toEqual(same));

  test("missing rows are null", () => {
    const html = laidOut((name, value) =>
      name.startsWith("Benutzer") ? `<tr><td>${name}</td><td>${value}</td></tr>` : "",
    );
    expect(profile(html)).toMatchObject({
      name: same.name,
      registered: null,
      last_seen: null,
      online_status: null,
      account_state: null,
    });
  });
  test("the address of the profile is not a name", () => {
    const name = (cell: string) =>
      profile(
        laidOut((label, value) => `<tr><td>${label}</td><td>${label.startsWith("Benutzer") ? cell : value}</td></tr>`),
      ).name;
    expect(name("<a href='//my.mods.de/Ilse'>my.mods.de/Ilse</a><br/>Ilse")).toBe("Ilse");
    expect(name("<b>Ilse</b> <p>my.mods.de/Ilse</p>")).toBe("Ilse");
    expect(name("<a href='/7'>Ilse</a>")).toBe("Ilse");
    expect(name("my.mods.de/Ilse")).toBe("Ilse");
    expect(name("Ilse &amp; &#8222;K&ouml;nig&#8220; &Eacute;")).toBe("Ilse & &#8222;König&#8220; É");
  });
  test("another user's page means that the profile is shadowed", () =>
    expect(parseProfile(page, 2002)).toEqual({ kind: "shadowed", by_uid: 2001 }));
  test.each([
    ["an error page", "<html><body>Benutzername: Datenbankfehler</body></html>"],
    ["a page without a name", page.replace("Benutzername", "Spitzname")],
    ["a page without a uid", page.replace("UID 2001", "UID")],
  ])("%s is broken", (_, html) => expect(() => parseProfile(html, 2001)).toThrow(BrokenDocumentError));
});

test("a truncated page is broken", () => {
  expect(() => parseProfile(page.slice(0, 1500), 2001)).toThrow(BrokenDocumentError);
  expect(() => parseProfile("", 2001)).toThrow(BrokenDocumentError);
  expect(() =>
    parseTags("<form action='thread.php?TID=1&set_thread_groups=1' method='post'><a href='x'>y</a>", 1),
  ).toThrow(BrokenDocumentError);
});

test("a complete thread page without a form has no tags", () => {
  expect(parseTags("<html><body><p>kein Formular</p></body></html>\n", 5)).toEqual([]);
  expect(() => parseTags("<html><body><p>kein Form", 5)).toThrow("cut off");
});

test("the form is read in any spelling, but not another thread's", () => {
  const form = (action: string) =>
    `<HTML><body><FORM METHOD=post action="${action}"><A href=x>Übung</A>, <a>a &amp; <b>b</b></a></FORM></body></html>`;
  expect(parseTags(form("thread.php?TID=5&amp;set_thread_groups=1"), 5)).toEqual(["Übung", "a &amp; b"]);
  expect(parseTags(form("thread.php?TID=55&set_thread_groups=1"), 5)).toEqual([]);
});

test.each([
  "Status",
  "status:",
  "Accountstatus",
  "Benutzername",
  "Dabei seit",
  "Zuletzt im Board",
  "STATUS: gut",
  "my.mods.de/7",
  "http://my.mods.de/xy",
])("a user can be named %s", (name) => {
  const html = `<html><!-- UID 1003 --><table>
    <tr><td class="attrn">Benutzername:</td><td class="attrv"><div class="backlink"><a href="//my.mods.de/1003">my.mods.de/1003</a></div> ${name} </td></tr>
    <tr><td class="attrn">Status:</td><td class="attrv">offline</td></tr>
    <tr><td class="attrn">Accountstatus:</td><td class="attrv">aktiv</td></tr></table></html>`;
  expect(parseProfile(html, 1003)).toMatchObject({
    kind: "profile",
    profile: { name, online_status: "offline", account_state: "active" },
    problems: [],
  });
});
