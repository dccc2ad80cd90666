import { describe, expect, test } from "bun:test";
import { backOff_ms, parseSchedule } from "./schedule.ts";

const at = (text: string) => new Date(text);

describe("intervals", () => {
  test.each([
    ["30s", "2020-01-01T00:00:30Z"],
    ["15m", "2020-01-01T00:15:00Z"],
    [" 2h ", "2020-01-01T02:00:00Z"],
    ["1d", "2020-01-02T00:00:00Z"],
  ])("%s after the start of the previous pass", (text, next) => {
    const started = at("2020-01-01T00:00:00Z");
    expect(parseSchedule(text).next(started, at("2020-01-01T00:00:07Z"))).toEqual(at(next));
  });

  test("times that fall into a long pass are skipped", () => {
    const next = parseSchedule("15m").next(at("2020-01-01T00:00:00Z"), at("2020-01-01T00:47:00Z"));
    expect(next).toEqual(at("2020-01-01T01:00:00Z"));
  });

  test("setting the clock back does not stop the schedule", () => {
    const next = parseSchedule("15m").next(at("2020-01-01T12:00:00Z"), at("2020-01-01T09:00:00Z"));
    expect(next).toEqual(at("2020-01-01T12:15:00Z"));
  });
});

test("cron expressions", () => {
  const next = parseSchedule("*/10 * * * *").next(at("2020-01-01T00:00:00Z"), at("2020-01-01T00:12:00Z"));
  expect(next).toEqual(at("2020-01-01T00:20:00Z"));
});

test.each(["", "0m", "-5m", "15", "15 m", "fortnight", "* * *", "99 * * * *", "1.5h"])(
  "%p is refused, and the error lists the accepted forms",
  (text) => {
    expect(() => parseSchedule(text)).toThrow("neither an interval");
  },
);

test("refuses a date that does not exist", () => {
  expect(() => parseSchedule("0 0 31 2 *")).toThrow("31 2");
});

test("pauses double from a minute up to an hour", () => {
  expect([0, 1, 2, 3, 7, 50].map(backOff_ms)).toEqual([0, 60_000, 120_000, 240_000, 3_600_000, 3_600_000]);
});
