/** Whatever PostgreSQL says against a COPY, or against reading through a cursor, reaches the caller, and the pool goes on. */
import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
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

/** The code of what comes of it, before the hour is over; then the pool must be usable. */
async function codeOf(work: () => Promise<unknown>): Promise<string> {
  const error = await Promise.race([
    work().then(
      () => null,
      (reason: unknown) => reason,
    ),
    Bun.sleep(20_000),
  ]);
  if (!(error instanceof Error)) throw new Error(`no error but ${String(error)}`);
  const [row] = await pool`select 1 as one`.catch(() => pool`select 1 as one`);
  expect(row).toEqual({ one: 1 });
  const [{ open = -1 } = {}] = await database.sql<{ open: number }[]>`
    select count(*) as open from pg_stat_activity where application_name = 'copying' and state <> 'idle'`;
  expect(open).toBe(0);
  return (error as { code?: string }).code ?? error.message;
}

const into = (work: (copy: Copy) => Promise<unknown>, table = "target") => copyInto(pool, table, ["id", "other"], work);
/** Rows enough to be sent while the work goes on. */
async function manyRows(copy: Copy, from = 0): Promise<void> {
  for (let id = from; id < from + 100_000; id++) await copy.row([id, id]);
}
const backend = (call: "pg_cancel_backend" | "pg_terminate_backend") =>
  database.sql`select ${database.sql(call)}(pid) from pg_stat_activity where application_name = 'copying'`;

describe("COPY", () => {
  test("a missing table, at the start", async () => {
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
    const twice = async (copy: Copy) => {
      await copy.row([1, 1]);
      await copy.row([1, 2]);
    };
    expect(await codeOf(() => into(twice))).toBe("23505");
  });
  test("a deferred constraint", async () => {
    const twice = async (copy: Copy) => {
      await copy.row([1, 1]);
      await copy.row([2, 1]);
    };
    expect(await codeOf(() => into(twice))).toBe("23505");
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
    let rows = 0;
    const work = async (copy: Copy) => {
      await manyRows(copy);
      await backend(call);
      for (; rows < 100; rows++) await manyRows(copy, (rows + 1) * 100_000);
    };
    expect(await codeOf(() => into(work))).toMatch(code);
    expect(rows).toBeLessThan(100);
  });
  test.each([
    ["pg_cancel_backend", /^57014$/],
    ["pg_terminate_backend", /^(CONNECTION_CLOSED|ECONNRESET)$/],
  ] as const)("%s, before the last byte", async (call, code) => {
    const work = async (copy: Copy) => {
      await copy.row([1, 1]);
      await backend(call);
      await Bun.sleep(50);
    };
    expect(await codeOf(() => into(work))).toMatch(code);
  });
  test("an error of the work itself", async () => {
    const work = async (copy: Copy) => {
      await manyRows(copy);
      throw new Error("no more");
    };
    expect(await codeOf(() => into(work))).toBe("no more");
    expect((await pool`select count(*) as rows from target`)[0]).toEqual({ rows: 0 });
  });
});

describe("reading through a cursor", () => {
  const read = async (each: (batch: number) => Promise<unknown>, rows = "generate_series(1, 50000)") => {
    let batches = 0;
    for await (const _ of pool.unsafe(`select 10 / (20001 - n) from ${rows} as n`).cursor(1000)) await each(batches++);
    return batches;
  };
  test("an error in the middle", async () => {
    expect(await codeOf(() => read(async () => {}))).toBe("22012");
  });
  test("a connection closed while a batch is processed: the rows read so far do not count as complete", async () => {
    const ended = read(async (batch) => {
      if (batch === 1) {
        await backend("pg_terminate_backend");
        await Bun.sleep(50);
      }
    }, "generate_series(1, 5000)");
    expect(await codeOf(() => ended)).toMatch(/^(CONNECTION_CLOSED|ECONNRESET)$/);
  });
  test("all rows", async () => {
    expect(await read(async () => {}, "generate_series(1, 5001)")).toBe(6);
  });
});

test("queries of a transaction whose connection was lost do not run in another transaction", async () => {
  let late: Promise<unknown> = Promise.resolve();
  const outcome = pool.begin(async (transaction) => {
    await transaction`select 1`;
    await backend("pg_terminate_backend");
    await Bun.sleep(50);
    await pool`select 1`;
    late = transaction`insert into target values (1, 1)`.execute();
    await late;
  });
  expect(await codeOf(() => outcome)).toMatch(/^(CONNECTION_CLOSED|ECONNRESET)$/);
  await Bun.sleep(100);
  expect(await codeOf(() => late)).toMatch(/^(CONNECTION_CLOSED|ECONNRESET)$/);
  expect((await pool`select count(*) as rows from target`)[0]).toEqual({ rows: 0 });
});

test("PostgreSQL's reason for closing a connection is reported", async () => {
  const work = pool`select pg_sleep(20)`.then(
    () => "",
    (error: Error) => error.message,
  );
  while (
    (await database.sql`select 1 from pg_stat_activity where application_name = 'copying' and wait_event = 'PgSleep'`)
      .count === 0
  );
  await backend("pg_terminate_backend");
  expect(await work).toBe("terminating connection due to administrator command");
});

const mount = join(tmpdir(), `full-disk-${process.pid}`);
mkdirSync(mount);
const [{ folder = "" } = {}] = await database.sql<
  { folder: string }[]
>`select current_setting('data_directory') as folder`;
const owner = existsSync(folder) ? statSync(folder).uid : 0;
// A small file system of its own takes rights that not every machine gives.
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
