/** An error of PostgreSQL during a COPY, or while reading through a cursor, reaches the caller, and the pool stays usable. */
import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "@potstats/cli/testing/until";
import { connect } from "./connect.ts";
import { type Copy, copyInto } from "./copy.ts";
import { testDatabase } from "./testing/database.ts";

const database = await testDatabase();
const pool = connect(database.url, { max: 1, name: "copying" });
afterAll(async () => {
  await pool.end({ timeout: 1 });
  await database.drop();
});

beforeEach(async () => {
  await database.sql.unsafe(`
    drop table if exists target;
    create table target (id int primary key, other int unique deferrable initially deferred)`);
});

/** The code of the error with which the work must fail within 20 seconds, leaving a usable pool. */
async function codeOf(work: () => Promise<unknown>): Promise<string> {
  const error = await Promise.race([
    work().then(
      () => null,
      (reason: unknown) => reason,
    ),
    Bun.sleep(20_000),
  ]);
  if (!(error instanceof Error)) throw new Error("the work did not fail in time");
  const [row] = await pool`select 1 as one`.catch(() => pool`select 1 as one`);
  expect(row).toEqual({ one: 1 });
  const [{ open = -1 } = {}] = await database.sql<{ open: number }[]>`
    select count(*) as open from pg_stat_activity where application_name = 'copying' and state <> 'idle'`;
  expect(open).toBe(0);
  return (error as { code?: string }).code ?? error.message;
}

const into = (work: (copy: Copy) => Promise<unknown>, table = "target") => copyInto(pool, table, ["id", "other"], work);
/** Adds enough rows that some are sent before the work ends. */
async function manyRows(copy: Copy, from = 0): Promise<void> {
  for (let id = from; id < from + 100_000; id++) await copy.row([id, id]);
}
const signalBackend = (call: "pg_cancel_backend" | "pg_terminate_backend") =>
  database.sql`select ${database.sql(call)}(pid) from pg_stat_activity where application_name = 'copying'`;

describe("COPY", () => {
  test("a missing table", async () => {
    expect(await codeOf(() => into(async () => {}, "nowhere"))).toBe("42P01");
  });
  test("a value of the wrong type, after the last byte", async () => {
    expect(await codeOf(() => into(async (copy) => copy.row(["x", 1])))).toBe("22P02");
  });
  test("a value of the wrong type, in the middle", async () => {
    expect(
      await codeOf(() =>
        into(async (copy) => {
          await copy.row(["x", 1]);
          await manyRows(copy);
          await manyRows(copy, 100_000);
        }),
      ),
    ).toBe("22P02");
  });
  test("a duplicate key", async () => {
    const duplicates = async (copy: Copy) => {
      await copy.row([1, 1]);
      await copy.row([1, 2]);
    };
    expect(await codeOf(() => into(duplicates))).toBe("23505");
  });
  test("a deferred constraint", async () => {
    const duplicates = async (copy: Copy) => {
      await copy.row([1, 1]);
      await copy.row([2, 1]);
    };
    expect(await codeOf(() => into(duplicates))).toBe("23505");
  });
  test("a timeout, after the last byte", async () => {
    await database.sql.unsafe(`
      create or replace function slow() returns trigger language plpgsql as 'begin perform pg_sleep(20); return new; end';
      create trigger slow before insert on target for each row execute function slow()`);
    const work = () =>
      pool.begin(async (transaction) => {
        await transaction`set local statement_timeout = 100`;
        await copyInto(transaction, "target", ["id"], async (copy) => copy.row([1]));
      });
    expect(await codeOf(work)).toBe("57014");
  });
  test.each([
    ["pg_cancel_backend", /^57014$/],
    ["pg_terminate_backend", /^(CONNECTION_CLOSED|ECONNRESET)$/],
  ] as const)("%s, in the middle", async (call, code) => {
    let rounds = 0;
    const work = async (copy: Copy) => {
      await manyRows(copy);
      await signalBackend(call);
      for (; rounds < 100; rounds++) await manyRows(copy, (rounds + 1) * 100_000);
    };
    expect(await codeOf(() => into(work))).toMatch(code);
    expect(rounds).toBeLessThan(100);
  });
  test.each([
    ["pg_cancel_backend", /^57014$/],
    ["pg_terminate_backend", /^(CONNECTION_CLOSED|ECONNRESET)$/],
  ] as const)("%s, before the last byte", async (call, code) => {
    const work = async (copy: Copy) => {
      await copy.row([1, 1]);
      await signalBackend(call);
      await Bun.sleep(50);
    };
    expect(await codeOf(() => into(work))).toMatch(code);
  });
  test("an error thrown by the callback", async () => {
    const work = async (copy: Copy) => {
      await manyRows(copy);
      throw new Error("callback failed");
    };
    expect(await codeOf(() => into(work))).toBe("callback failed");
    expect((await pool`select count(*) as rows from target`)[0]).toEqual({ rows: 0 });
  });
});

describe("reading a COPY", () => {
  const numbers = "copy (select i, repeat('x', 300 + i % 50) from generate_series(1, 60000) as i) to stdout";
  /** Reads slowly, so that the connection is paused again and again. @returns the number of rows */
  const readSlowly = async (): Promise<number> => {
    let rows = 0;
    await pool.begin(async (transaction) => {
      const stream = await transaction.unsafe(numbers).readable();
      for await (const _ of stream) if (++rows % 5000 === 0) await Bun.sleep(3);
      await transaction`select 1`;
    });
    return rows;
  };
  test("all rows, and the connection is usable afterwards", async () => {
    for (let round = 0; round < 8; round++) expect(await Promise.race([readSlowly(), Bun.sleep(10_000)])).toBe(60_000);
  }, 90_000);
  const manyNumbers = numbers.replace("60000", "3000000");
  test.each([
    ["pg_cancel_backend", "57014"],
    ["pg_terminate_backend", "CONNECTION_CLOSED"],
  ] as const)("%s, in the middle", async (call, expected) => {
    const code = await codeOf(() =>
      pool.begin(async (transaction) => {
        const stream = await transaction.unsafe(manyNumbers).readable();
        let rows = 0;
        for await (const _ of stream) if (++rows === 100) await signalBackend(call);
      }),
    );
    expect(code).toBe(expected);
  });
  test("a reader that stops early gets the rest dropped", async () => {
    await pool.begin(async (transaction) => {
      const stream = await transaction.unsafe(numbers).readable();
      for await (const _ of stream) break;
      expect([...(await transaction`select 1 as one`)]).toEqual([{ one: 1 }]);
    });
  });
});

describe("reading through a cursor", () => {
  const read = async (onBatch: (batch: number) => Promise<unknown>, rows = "generate_series(1, 50000)") => {
    let batches = 0;
    for await (const _ of pool.unsafe(`select 10 / (20001 - n) from ${rows} as n`).cursor(1000))
      await onBatch(batches++);
    return batches;
  };
  test("an error in the middle", async () => {
    expect(await codeOf(() => read(async () => {}))).toBe("22012");
  });
  test("a connection closed while a batch is processed: the read fails instead of ending early", async () => {
    const reading = read(async (batch) => {
      if (batch === 1) {
        await signalBackend("pg_terminate_backend");
        await Bun.sleep(50);
      }
    }, "generate_series(1, 5000)");
    expect(await codeOf(() => reading)).toMatch(/^(CONNECTION_CLOSED|ECONNRESET)$/);
  });
  test("all rows", async () => {
    expect(await read(async () => {}, "generate_series(1, 5001)")).toBe(6);
  });
});

test("queries of a transaction whose connection was lost do not run in another transaction", async () => {
  let lateQuery: Promise<unknown> = Promise.resolve();
  const lost = pool.begin(async (transaction) => {
    await transaction`select 1`;
    await signalBackend("pg_terminate_backend");
    await Bun.sleep(50);
    await pool`select 1`;
    lateQuery = transaction`insert into target values (1, 1)`.execute();
    await lateQuery;
  });
  expect(await codeOf(() => lost)).toMatch(/^(CONNECTION_CLOSED|ECONNRESET)$/);
  await Bun.sleep(100);
  expect(await codeOf(() => lateQuery)).toMatch(/^(CONNECTION_CLOSED|ECONNRESET)$/);
  expect((await pool`select count(*) as rows from target`)[0]).toEqual({ rows: 0 });
});

test("PostgreSQL's reason for closing a connection is reported", async () => {
  const message = pool`select pg_sleep(20)`.then(
    () => "",
    (error: Error) => error.message,
  );
  const sleeping = () =>
    database.sql`select 1 from pg_stat_activity where application_name = 'copying' and wait_event = 'PgSleep'`;
  await until(async () => (await sleeping()).length > 0);
  await signalBackend("pg_terminate_backend");
  expect(await message).toBe("terminating connection due to administrator command");
});

const mount = join(tmpdir(), `full-disk-${process.pid}`);
mkdirSync(mount);
const [{ folder = "" } = {}] = await database.sql<
  { folder: string }[]
>`select current_setting('data_directory') as folder`;
const owner = existsSync(folder) ? statSync(folder).uid : 0;
// Mounting a small file system needs privileges that not every machine gives.
const isMounted = Bun.spawnSync([
  "mount",
  "-t",
  "tmpfs",
  "-o",
  `size=4m,uid=${owner},mode=700`,
  "tmpfs",
  mount,
]).success;
afterAll(() => {
  if (isMounted) Bun.spawnSync(["umount", mount]);
  rmSync(mount, { recursive: true });
});
test.if(isMounted)("a full disk", async () => {
  const space = `small_${process.pid}`;
  await database.sql.unsafe(`create tablespace ${space} location '${mount}'`);
  await database.sql.unsafe(`create table small (id int, other int) tablespace ${space}`);
  const fill = async (copy: Copy) => {
    await manyRows(copy);
    await manyRows(copy);
  };
  const code = await codeOf(() => into(fill, "small"));
  await database.sql.unsafe("drop table small");
  await database.sql.unsafe(`drop tablespace ${space}`);
  expect(code).toBe("53100");
});
