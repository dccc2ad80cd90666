import { afterAll, expect, test } from "bun:test";
import { boards } from "@potstats/db/baked";
import { testDatabase } from "@potstats/db/testing/database";
import { desc, gt } from "drizzle-orm";
import { pick, type Placeholders, prepared } from "./prepared.ts";

const { sql, drop } = await testDatabase();
afterAll(drop);

const above = prepared((db, { bid, limit }: Placeholders<{ bid: number; limit: number }>) =>
  db
    .select(pick(boards, "name", "bid"))
    .from(boards)
    .where(gt(boards.bid, bid))
    .orderBy(desc(boards.bid))
    .limit(limit),
);

test("a prepared query runs with other parameters each time", async () => {
  await sql`insert into baked.boards (bid, name, description) select n, 'Brett ' || n, '' from generate_series(1, 4) n`;
  expect(await above(sql, { bid: 2, limit: 9 })).toEqual([
    { name: "Brett 4", bid: 4 },
    { name: "Brett 3", bid: 3 },
  ]);
  expect(await above(sql, { bid: 0, limit: 1 })).toEqual([{ name: "Brett 4", bid: 4 }]);
  expect(above(sql, { bid: 0 } as never)).rejects.toThrow('No value for placeholder "limit"');
});

test("a query that renames a column is rejected, because its rows would not match their type", () => {
  expect(() => prepared((db) => db.select({ id: boards.bid }).from(boards))).toThrow(
    "id is not the name of its column",
  );
});
