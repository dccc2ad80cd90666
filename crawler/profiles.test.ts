import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { decodeHtml, parseProfile, parseTags, type Profile } from "./profiles.ts";
import { BrokenDocument } from "./xml.ts";

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
  test("no rank and no picture is no tier", () =>
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
  test("an unknown one is reported", () => expect(state("verschollen").problems).toHaveLength(1));
});

test("a date that is none is NULL", () =>
  expect(profile(page.replace("26.02.2013 15:20", "31.02.2013 15:20")).registered).toBeNull());

test("a page that is cut off is broken", () => {
  expect(() => parseProfile(page.slice(0, 1500), 2001)).toThrow(BrokenDocument);
  expect(() => parseProfile("", 2001)).toThrow(BrokenDocument);
  expect(() =>
    parseTags("<form action='thread.php?TID=1&set_thread_groups=1' method='post'><a href='x'>y</a>", 1),
  ).toThrow(BrokenDocument);
});

test("a thread page without tags has none; one that is cut off before its form is broken", () => {
  expect(parseTags("<html><body><p>kein Formular</p></body></html>\n", 5)).toEqual([]);
  expect(() => parseTags("<html><body><p>kein Form", 5)).toThrow("cut off");
});
