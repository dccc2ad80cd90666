import { afterAll, beforeAll, expect, test } from "bun:test";

type I18n = typeof import("./index.ts");
let i18n: I18n;

/** What index.ts needs of a browser. */
const browser = {
  location: { search: "?lang=en" },
  document: { documentElement: { lang: "" } },
  localStorage: { setItem: () => {}, getItem: () => null },
};
const before = Object.fromEntries(Object.keys(browser).map((name) => [name, Reflect.get(globalThis, name)]));

beforeAll(async () => {
  Object.assign(globalThis, browser);
  i18n = await import("./index.ts");
});
afterAll(() => void Object.assign(globalThis, before));

test("texts are in the language of the reader, who may change it", () => {
  const text = i18n.texts({
    de: { title: "Serien", days: (count: number) => `${count} Tage` },
    en: { title: "Streaks", days: (count) => `${count} days` },
  });
  expect([text().title, text().days(3), i18n.t().close]).toEqual(["Streaks", "3 days", "Close"]);
  i18n.setLanguage("de");
  expect([text().title, text().days(3), i18n.t().close]).toEqual(["Serien", "3 Tage", "Schließen"]);
  expect(browser.document.documentElement.lang).toBe("de");
});

test("a missing, misspelled, additional or ill-typed English text is a type error", () => {
  const { texts } = i18n;
  // @ts-expect-error -- missing
  texts({ de: { title: "Serien", lead: "Tage" }, en: { title: "Streaks" } });
  // @ts-expect-error -- misspelled
  texts({ de: { title: "Serien" }, en: { titel: "Streaks" } });
  // @ts-expect-error -- additional
  texts({ de: { title: "Serien" }, en: { title: "Streaks", lead: "Days" } });
  // @ts-expect-error -- a text where German has a function
  texts({ de: { days: (count: number) => `${count} Tage` }, en: { days: "days" } });
  // @ts-expect-error -- a function of something else
  texts({ de: { days: (count: number) => `${count} Tage` }, en: { days: (day: Date) => day.toISOString() } });
  const text = texts({ de: { days: (count: number) => `${count} Tage` }, en: { days: (count) => `${count} days` } });
  // @ts-expect-error -- the type of the parameter is kept
  expect(text().days("3")).toBe("3 Tage");
});
