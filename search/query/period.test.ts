import { expect, test } from "bun:test";
import * as fc from "fast-check";
import { periodOf } from "./period.ts";

const seconds = (iso: string) => new Date(iso).getTime() / 1000;
const isoPeriod = (typed: string, timezone: string) => {
  const period = periodOf(typed, timezone);
  return period && [period.from, period.to].map((at) => new Date(at * 1000).toISOString().replace(".000Z", "Z"));
};

test.each<[typed: string, timezone: string, from: string, to: string]>([
  ["2012", "Europe/Berlin", "2011-12-31T23:00:00Z", "2012-12-31T23:00:00Z"],
  ["2012", "UTC", "2012-01-01T00:00:00Z", "2013-01-01T00:00:00Z"],
  ["2012-05", "Europe/Berlin", "2012-04-30T22:00:00Z", "2012-05-31T22:00:00Z"],
  ["2012-12", "Europe/Berlin", "2012-11-30T23:00:00Z", "2012-12-31T23:00:00Z"],
  ["2012-02-29", "Europe/Berlin", "2012-02-28T23:00:00Z", "2012-02-29T23:00:00Z"],
  ["2012-5-1", "Europe/Berlin", "2012-04-30T22:00:00Z", "2012-05-01T22:00:00Z"],
  // Days of 23 and 25 hours.
  ["2012-03-25", "Europe/Berlin", "2012-03-24T23:00:00Z", "2012-03-25T22:00:00Z"],
  ["2012-10-28", "Europe/Berlin", "2012-10-27T22:00:00Z", "2012-10-28T23:00:00Z"],
  // Daylight saving began at midnight.
  ["2018-11-04", "America/Sao_Paulo", "2018-11-04T03:00:00Z", "2018-11-05T02:00:00Z"],
  // Midnight came twice.
  ["2012-11-04", "America/Havana", "2012-11-04T04:00:00Z", "2012-11-05T05:00:00Z"],
  // A day that Samoa skipped.
  ["2011-12-30", "Pacific/Apia", "2011-12-30T10:00:00Z", "2011-12-30T10:00:00Z"],
  ["2012", "Asia/Kathmandu", "2011-12-31T18:15:00Z", "2012-12-31T18:15:00Z"],
  ["9999", "UTC", "9999-01-01T00:00:00Z", "+010000-01-01T00:00:00Z"],
  ["0001", "UTC", "0001-01-01T00:00:00Z", "0002-01-01T00:00:00Z"],
  ["0099-12", "UTC", "0099-12-01T00:00:00Z", "0100-01-01T00:00:00Z"],
])("%s in %s", (typed, timezone, from, to) => {
  expect(isoPeriod(typed, timezone)).toEqual([from, to]);
});

test.each([
  "",
  "2012-",
  "12",
  "02012",
  "0000",
  "0000-01",
  "2012-00",
  "2012-13",
  "2012-02-30",
  "2011-02-29",
  "2012-04-31",
  "2012-01-00",
  "2012/01",
  "-2012",
  "2012-01-01T00",
  " 2012",
  "2012 ",
  "２０１２",
  "abc",
])("%j is not a date", (typed) => expect(periodOf(typed, "Europe/Berlin")).toBeUndefined());

test("a day starts when the zone's clocks first show its date", () => {
  const zones = fc.constantFrom(
    "Europe/Berlin",
    "America/Sao_Paulo",
    "America/Havana",
    "Africa/Cairo",
    "Asia/Beirut",
    "Australia/Lord_Howe",
    "America/St_Johns",
    "UTC",
  );
  fc.assert(
    fc.property(zones, fc.integer({ min: seconds("1975-01-01"), max: seconds("2037-12-31") }), (timezone, at) => {
      const dates = new Intl.DateTimeFormat("sv", { timeZone: timezone, dateStyle: "short" });
      const day = dates.format(at * 1000);
      const period = periodOf(day, timezone);
      expect(dates.format((period?.from ?? 0) * 1000)).toBe(day);
      expect(dates.format((period?.from ?? 0) * 1000 - 1000) < day).toBe(true);
      expect(periodOf(day.slice(0, 4), timezone)?.from).toBe(periodOf(`${day.slice(0, 4)}-01-01`, timezone)?.from);
      expect(at >= (period?.from ?? Infinity) && at < (period?.to ?? 0)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test("a runtime without Temporal, such as workerd, finds the same period", () => {
  const script = `
    delete globalThis.Temporal;
    const { periodOf } = await import(${JSON.stringify(`${import.meta.dirname}/period.ts`)});
    console.log(JSON.stringify(periodOf("2012-05", "Europe/Berlin") ?? null));`;
  const { stdout, stderr } = Bun.spawnSync([process.execPath, "-e", script]);
  expect(stderr.toString()).toBe("");
  expect(JSON.parse(stdout.toString())).toEqual(periodOf("2012-05", "Europe/Berlin"));
});
