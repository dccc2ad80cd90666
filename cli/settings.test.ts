import { describe, expect, test } from "bun:test";
import { resolve } from "node:path";
import { aliases, readSettings, requirePrimary, settings, SettingsError } from "./settings.ts";

type Name = keyof typeof settings;
const names = Object.keys(settings) as Name[];

/** The parsed value of one setting. */
const read = (name: Name, value: string | undefined): unknown => readSettings({ [name]: value }, [name])[name];

function problems(environment: Record<string, string>, ...requested: Name[]): string {
  try {
    readSettings(environment, requested);
  } catch (error) {
    expect(error).toBeInstanceOf(SettingsError);
    return (error as Error).message;
  }
  return "none";
}

const httpOnly = "must be a URL that starts with http:// or https://";
const postgresOnly = "must be a URL that starts with postgres:// or postgresql://";
const redisOnly = "must be a URL that starts with redis:// or rediss://";
const zone = "must be an IANA time zone such as Europe/Berlin";
const upTo = (maximum: number, noun = "number") => `must be a ${noun} from 0 to ${maximum}`;

/** Per setting: its default, valid values and what they become, and the error message and the values that cause it. */
const table: Record<Name, [unset: unknown, valid: [string, unknown][], message?: string, invalid?: string[]]> = {
  PORT: [
    3000,
    [
      ["0", 0],
      ["65535", 65_535],
      [" 8080\r", 8080],
    ],
    upTo(65_535, "whole number"),
    ["65536", "-1", "80.5", "http", "0x50", "1e3", "8 0", "Infinity"],
  ],
  HOST: [
    "127.0.0.1",
    [
      ["0.0.0.0", "0.0.0.0"],
      ["::", "::"],
      ["[::1]", "::1"],
    ],
  ],
  DATA_DIR: [
    resolve(import.meta.dirname, "../data"),
    [
      ["other/place", resolve(import.meta.dirname, "../other/place")],
      ["/srv/ein Ördner", "/srv/ein Ördner"],
    ],
  ],
  DATABASE_URL: [
    undefined,
    [
      ["postgres://u:p@db:5432/x", "postgres://u:p@db:5432/x"],
      ["postgresql://db/x?sslmode=require", "postgresql://db/x?sslmode=require"],
      ["postgresql+psycopg2://u:p@db/x", "postgresql://u:p@db/x"],
    ],
    postgresOnly,
    ["db:5432", "mysql://db/x", "postgres:x", "sqlite:///x", "postgres"],
  ],
  DATABASE_REPLICA_URL: [undefined, [["postgres://replica/x", "postgres://replica/x"]], postgresOnly, ["replica"]],
  REDIS_URL: [
    undefined,
    [
      ["redis://cache:6379", "redis://cache:6379"],
      ["rediss://u:p@cache", "rediss://u:p@cache"],
    ],
    redisOnly,
    ["cache:6379", "http://cache"],
  ],
  UPSTASH_REDIS_REST_URL: [undefined, [["https://x.example/", "https://x.example"]], httpOnly, ["x.example"]],
  UPSTASH_REDIS_REST_TOKEN: [undefined, [["Ab=", "Ab="]]],
  MEILI_URL: [
    undefined,
    [["http://meili:7700", "http://meili:7700"]],
    httpOnly,
    ["meili:7700", "http:meili", "ftp://x"],
  ],
  MEILI_MASTER_KEY: [undefined, [["k", "k"]]],
  FORUM_URL: ["https://forum.mods.de", [["http://localhost:4000//", "http://localhost:4000"]], httpOnly, ["forum"]],
  PROFILES_URL: ["https://my.mods.de", [["http://localhost:4000/my", "http://localhost:4000/my"]], httpOnly, ["my"]],
  REQUEST_DELAY: [
    0.1,
    [
      ["0", 0],
      ["2.5", 2.5],
    ],
    upTo(3600),
    ["3601", "-0.1", "1s", "0,1", ".", "NaN"],
  ],
  STATS_TIMEZONE: [
    "Europe/Berlin",
    [
      ["UTC", "UTC"],
      ["America/New_York", "America/New_York"],
    ],
    zone,
    ["Berlin", "+01:00", "Europe/Nowhere"],
  ],
  IMPRINT_NAME: ["", [["Ada Beispiel", "Ada Beispiel"]]],
  IMPRINT_CONTACT: ["", [["ada@example.org", "ada@example.org"]]],
  SEARCH_RATE: [
    20,
    [
      ["0", 0],
      ["0.5", 0.5],
    ],
    upTo(1_000_000),
    ["-1", "many", "1000001"],
  ],
  TRUST_PROXY: [0, [["2", 2]], upTo(16, "whole number"), ["17", "1.5", "true"]],
  METRICS_TOKEN: [
    undefined,
    [["a-B.9_~+/x==", "a-B.9_~+/x=="]],
    "must be of letters, digits and . _ ~ + / - only, as bearer tokens are",
    ["two words", "pass!", "ärger"],
  ],
  ALLOW_ROBOTS: [
    false,
    [
      ["0", false],
      ["1", true],
    ],
    "must be 0 or 1",
    ["yes", "true", "2"],
  ],
  FEEDS: [
    true,
    [
      ["0", false],
      ["1", true],
    ],
    "must be 0 or 1",
    ["yes", "false", "2"],
  ],
  PUBLIC_URL: [
    undefined,
    [
      ["https://stats.example/", "https://stats.example"],
      ["http://stats.example:8080/stats", "http://stats.example:8080/stats"],
    ],
    "must be a URL such as https://stats.example, without user, query or fragment",
    ["https://stats.example/?a", "https://stats.example/#a", "https://karl:x@stats.example"],
  ],
  BASE_PATH: [
    "",
    [
      ["/stats", "/stats"],
      ["/forum/stats-2.0/", "/forum/stats-2.0"],
      ["/", ""],
      ["/apis", "/apis"],
    ],
    "must be a path such as /stats, of letters, digits and - . _ ~, that does not begin with /api",
    ["stats", "/a//b", "/..", "/a/./b", "/ä", "/a b", "/a?b", "/%41", "/api", "/api/stats", "https://x.example/stats"],
  ],
  IDLE_TIMEOUT: [
    75,
    [
      ["20", 20],
      ["255", 255],
    ],
    "must be a whole number from 20 to 255",
    ["0", "19", "256", "7.5", "75s"],
  ],
  LOG_LEVEL: ["info", [["debug", "debug"]], "must be debug, info, warn or error", ["loud", "INFO"]],
};

describe.each(names)("%s", (name) => {
  const [unset, valid, message, invalid = []] = table[name];

  test("has a default, which an empty or blank variable does not override", () => {
    expect(read(name, undefined)).toEqual(unset);
    expect(read(name, "")).toEqual(unset);
    expect(read(name, " \t")).toEqual(unset);
  });

  test("accepts valid values", () => {
    expect(valid.length).toBeGreaterThan(0);
    for (const [value, parsed] of valid) expect(read(name, value)).toEqual(parsed);
  });

  test("says what it expects instead of an invalid value", () => {
    expect(invalid.length > 0).toBe(message !== undefined);
    for (const value of invalid) {
      expect([value, problems({ [name]: value }, name)]).toEqual([value, `invalid settings:\n  ${name}: ${message}`]);
    }
  });

  test("has a description", () => {
    expect(settings[name].description ?? "").not.toBe("");
  });
});

test("all problems are reported at once, in the order requested; other variables are ignored", () => {
  expect(problems({ PORT: "x", LOG_LEVEL: "loud", TRUST_PROXY: "-1", HOST: "ok" }, "LOG_LEVEL", "HOST", "PORT")).toBe(
    "invalid settings:\n  LOG_LEVEL: must be debug, info, warn or error\n  PORT: must be a whole number from 0 to 65535",
  );
});

test("only requested settings are returned", () => {
  expect(readSettings({ PORT: "1", HOST: "x", DATABASE_URL: "nonsense" }, ["PORT"])).toEqual({ PORT: 1 });
});

describe("potstats2's names", () => {
  test("are used if the new name is not set", () => {
    expect(aliases).toEqual({
      DATABASE_URL: "POTSTATS2_DB",
      REQUEST_DELAY: "POTSTATS2_REQUEST_DELAY",
      REDIS_URL: "POTSTATS2_REDIS_URL",
    });
    const environment = {
      POTSTATS2_DB: "postgresql+psycopg2://old@db/potstats2",
      POTSTATS2_REQUEST_DELAY: "3",
      POTSTATS2_REDIS_URL: "redis://old",
    };
    expect(readSettings(environment, ["DATABASE_URL", "REQUEST_DELAY", "REDIS_URL"])).toEqual({
      DATABASE_URL: "postgresql://old@db/potstats2",
      REQUEST_DELAY: 3,
      REDIS_URL: "redis://old",
    });
  });

  test("are overridden by the new name, unless that is empty", () => {
    const delay = (value: string, alias: string) =>
      readSettings({ REQUEST_DELAY: value, POTSTATS2_REQUEST_DELAY: alias }, ["REQUEST_DELAY"]).REQUEST_DELAY;
    expect(delay("1", "3")).toBe(1);
    expect(delay("0", "3")).toBe(0);
    expect(delay("", "3")).toBe(3);
    expect(delay(" ", "")).toBe(0.1);
  });

  test("are named in errors about their values", () => {
    expect(problems({ POTSTATS2_DB: "sqlite:///x" }, "DATABASE_URL")).toBe(
      `invalid settings:\n  POTSTATS2_DB: ${postgresOnly}`,
    );
  });
});

test("the two Upstash settings require each other", () => {
  const [address, token] = ["UPSTASH_REDIS_REST_URL", "UPSTASH_REDIS_REST_TOKEN"] as const;
  expect(problems({ [address]: "https://x.example", [token]: " " }, address, token)).toBe(
    "invalid settings:\n  UPSTASH_REDIS_REST_TOKEN: is required by UPSTASH_REDIS_REST_URL",
  );
  expect(problems({ [token]: "x" }, token, address)).toBe(
    "invalid settings:\n  UPSTASH_REDIS_REST_URL: is required by UPSTASH_REDIS_REST_TOKEN",
  );
  expect(readSettings({ [address]: "https://x.example", [token]: "x" }, [address, token])).toEqual({
    [address]: "https://x.example",
    [token]: "x",
  });
  expect(readSettings({ [token]: "x" }, ["PORT"])).toEqual({ PORT: 3000 });
});

test("a replica is one server: several would answer one request with the data of different times", () => {
  for (const url of ["postgres://db2,db3/x", "postgres:///x?host=db2,db3", "postgres://db2:1,db2:2/x"])
    expect([url, problems({ DATABASE_REPLICA_URL: url }, "DATABASE_REPLICA_URL")]).toEqual([
      url,
      "invalid settings:\n  DATABASE_REPLICA_URL: must name one server: several replicas have the data of different times",
    ]);
});

test("a server's DATABASE_URL with several hosts has to say that it means the primary", () => {
  const refused = (url: string) => () => requirePrimary(url, {});
  const advice = "DATABASE_URL: several hosts need ?target_session_attrs=primary";
  for (const wanted of ["", "?target_session_attrs=any", "?target_session_attrs=prefer-standby"])
    expect(refused(`postgres://u:p@db1,db2/x${wanted}`)).toThrow(`invalid settings:\n  ${advice}`);
  for (const url of ["db1/x", "db1,db2/x?target_session_attrs=primary", "db1,db2/x?target_session_attrs=read-write"])
    expect(refused(`postgres://${url}`)).not.toThrow();
  expect(() => requirePrimary("postgres://db1,db2/x", { PGTARGETSESSIONATTRS: "primary" })).not.toThrow();
  // Commands accept it: they say so if they cannot write.
  expect(read("DATABASE_URL", "postgres://db1,db2/x")).toBe("postgres://db1,db2/x");
});

test("messages contain no values, which may be secret", () => {
  const secret = "hunter2hunter2";
  const environment: Record<string, string> = {};
  for (const name of names) environment[name] = secret;
  for (const alias of Object.values(aliases)) environment[alias] = `x://u:${secret}@h`;
  environment["REDIS_URL"] = `http://u:${secret}@cache`;
  environment["DATABASE_REPLICA_URL"] = `postgres://u:${secret}@host:port/x`;
  environment["METRICS_TOKEN"] = `${secret}!`;
  const message = problems(environment, ...names);
  expect(message.split("\n").length).toBe(1 + names.filter((name) => table[name][2] !== undefined).length);
  expect(message).not.toContain(secret);
});
