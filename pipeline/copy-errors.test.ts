/** Rows that PostgreSQL refuses only after the last one end every stage at once, with PostgreSQL's reason. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { analyze } from "@potstats/analytics/analyze";
import { silent } from "@potstats/cli/progress";
import { copyFromPotstats2 } from "@potstats/db/adopt/copy";
import {
  insertBoard,
  insertPost,
  insertThread,
  insertUser,
  type TestDatabase,
  testDatabase,
} from "@potstats/db/testing/database";
import { fillIndex } from "@potstats/search/fill";

let database: TestDatabase;
let other: TestDatabase;
beforeAll(async () => {
  [database, other] = await Promise.all([testDatabase(), testDatabase()]);
  const { sql } = database;
  await insertBoard(sql, 1);
  await insertUser(sql, 1);
  await insertThread(sql, 1, { bid: 1 });
  const content =
    "[quote=1,1,'a'][b]a[/b][/quote] [url=http://a.example]b[/url] [url=http://[kaputt]x[/url] [quote=]c[/quote]";
  for (const pid of [1, 2]) await insertPost(sql, { pid, tid: 1, poster_uid: 1, content });
  await analyze({ sql, timezone: "UTC", forumUrl: "http://forum.example", full: true });
  // Tables are made anew by each run: they get their constraint when they are made.
  await sql.unsafe(`
    create table refusing (name text);
    create function refuse() returns event_trigger language plpgsql as $$
      declare made record;
      begin
        for made in select * from pg_event_trigger_ddl_commands() loop
          if made.object_identity in (select name from public.refusing) then
            execute format('alter table %s add constraint refused check (false)', made.object_identity);
          end if;
        end loop;
      end $$;
    create event trigger refusing on ddl_command_end when tag in ('CREATE TABLE') execute function refuse()`);
});
afterAll(() => Promise.all([database?.drop(), other?.drop()]));

const codeOf = (stage: Promise<unknown>) =>
  Promise.race([
    stage.then(
      () => "done",
      (error: { code?: string }) => error.code,
    ),
    Bun.sleep(30_000).then(() => "still running"),
  ]);

test.each(["users", "boards", "threads", "post_quotes", "post_links", "post_faults"])("analyze: %s", async (table) => {
  const { sql } = database;
  await sql`delete from refusing`;
  await sql`insert into refusing values (${`baked_next.${table}`})`;
  const full = () => analyze({ sql, timezone: "UTC", forumUrl: "http://forum.example", full: true });
  expect(await codeOf(full())).toBe("23514");
  await sql`delete from refusing`;
  expect(await codeOf(full())).toBe("done");
});

test("index", async () => {
  const { sql } = database;
  await sql`insert into refusing values ('search_next.posts')`;
  expect(await codeOf(fillIndex({ sql, full: true, progress: silent }))).toBe("23514");
  await sql`delete from refusing`;
  expect(await codeOf(fillIndex({ sql, full: true, progress: silent }))).toBe("done");
});

test("db adopt", async () => {
  const { sql } = other;
  await sql`alter table posts add constraint refused check (false)`;
  expect(await codeOf(copyFromPotstats2({ sql, source: database.sql, progress: silent }))).toBe("23514");
  await sql`alter table posts drop constraint refused`;
  expect(await codeOf(copyFromPotstats2({ sql, source: database.sql, progress: silent }))).toBe("done");
});
