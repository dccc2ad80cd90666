import { afterAll, expect, test } from "bun:test";
import { settle } from "@potstats/cli/testing/settle";
import { readSettings } from "@potstats/cli/settings";
import { connect } from "../connect.ts";
import { refuseIfThere } from "./startup.ts";
import { testDatabase } from "../testing/database.ts";
import { checkTimezone } from "./timezone.ts";

const database = await testDatabase();
const { sql } = database;
afterAll(() => database.drop());

/** Every name that JavaScript or PostgreSQL accepts, abbreviations included, and names in other spellings. */
const names = new Set([
  ...Intl.supportedValuesOf("timeZone"),
  ...(
    await sql<{ name: string }[]>`
    select name from pg_timezone_names union select abbrev from pg_timezone_abbrevs`
  ).map(({ name }) => name),
  ..."europe/berlin EUROPE/BERLIN utc Zulu GMT+0 Etc/GMT+5 UTC+1 GMT-1 +01:00 CET-1CEST posixrules Factory localtime".split(
    " ",
  ),
  ..."EST MST HST EST5EDT CST6CDT MST7MDT PST8PDT cet Met eet wet BST IST PST posix/Europe/Berlin right/Europe/Berlin".split(
    " ",
  ),
]);

const isAccepted = (name: string) => {
  try {
    readSettings({ STATS_TIMEZONE: name }, ["STATS_TIMEZONE"]);
    return true;
  } catch {
    return false;
  }
};

test("refuses abbreviations and suggests a name", () => {
  for (const [name, better] of [
    ["CET", "Europe/Berlin"],
    ["met", "Europe/Berlin"],
    ["EET", "Europe/Athens"],
    ["Wet", "Europe/Lisbon"],
  ] as const)
    expect(() => readSettings({ STATS_TIMEZONE: name }, ["STATS_TIMEZONE"])).toThrow(`use ${better}`);
});

test("detects zones without summer time in PostgreSQL, such as CET, by comparing offsets", async () => {
  for (const name of ["CET", "MET", "EET", "WET"])
    expect(await settle(checkTimezone(sql, name))).toThrow(
      `PostgreSQL and Bun disagree about the time in "${name}" on 1990-0`,
    );
});

test("detects an abbreviation that this server interprets differently", async () => {
  const other = connect(`${database.url}?timezone_abbreviations=Australia`, { max: 1 });
  await checkTimezone(sql, "EST");
  expect(await settle(checkTimezone(other, "EST"))).toThrow('in "EST"');
  await other.end();
});

test("a server refuses it at startup, but starts without a database", async () => {
  const url = `${database.url}?timezone_abbreviations=Australia`;
  expect(await settle(refuseIfThere(url, "EST"))).toThrow('in "EST"');
  await refuseIfThere(url, "Europe/Berlin");
  await refuseIfThere("postgres://u@127.0.0.1:1/x", "EST");
});

test("accepted zones have the same days and hours in PostgreSQL and JavaScript, from 1990 to 2030", async () => {
  const times = Array.from({ length: 41 * 12 }, (_, at) => Date.UTC(1990, 0, 1, 0, 30) + at * 30 * 86_400_000);
  const differing: string[] = [];
  let accepted = 0;
  for (const name of [...names].filter(isAccepted)) {
    if (
      !(await checkTimezone(sql, name).then(
        () => true,
        () => false,
      ))
    )
      continue;
    accepted++;
    const clock = new Intl.DateTimeFormat("sv", { timeZone: name, dateStyle: "short", timeStyle: "medium" });
    const [row] = await sql<{ times: string[] }[]>`
      select array_agg(to_char(timezone(${name}, to_timestamp(ms / 1000)), 'YYYY-MM-DD HH24:MI:SS') order by ms) as times
      from unnest(${times}::bigint[]) as ms`;
    if (times.some((time, at) => clock.format(time) !== row?.times[at])) differing.push(name);
  }
  expect(differing).toEqual([]);
  expect(accepted).toBeGreaterThan(400);
}, 120_000);
