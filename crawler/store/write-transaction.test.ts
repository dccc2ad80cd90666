/** A transaction that a killed crawl left behind does not disturb the next crawl. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { testDatabase, type TestDatabase } from "@potstats/db/testing/database";
import { writeTransaction } from "./write-transaction.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

test("a revision is taken after the previous transaction has ended, so that revisions become visible in order", async () => {
  const { sql } = database;
  const revision = async () =>
    (await sql<{ last_value: number }[]>`select last_value from crawl_revision`)[0]?.last_value;
  const isWaiting = async () => {
    const [waiting] = await sql`
      select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
    return waiting !== undefined;
  };
  await sql`insert into worldeater_state (singleton) values (0)`;
  const nothing = { nomnom_time: 0, num_api_requests: 0, retries: 0, rx_bytes: 0, tx_bytes: 0 };
  await writeTransaction(sql, [], nothing);
  const before = await revision();
  let write: Promise<unknown> = Promise.resolve();
  await sql.begin(async (tx) => {
    await tx`update worldeater_state set nomnom_time = 1`;
    write = writeTransaction(sql, [], nothing);
    while (!(await isWaiting()));
    expect(await revision()).toBe(before);
  });
  await write;
  expect(await revision()).toBe((before ?? 0) + 1);
});
