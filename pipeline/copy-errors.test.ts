/** If PostgreSQL refuses copied rows only at the end of the COPY, every stage fails at once with PostgreSQL's error. */
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
let target: TestDatabase;
beforeAll(async () => {
  [database, target] = await Promise.all([testDatabase(), testDatabase()]);
  const { sql } = database;
  await insertBoard(sql, 1);
  await insertUser(sql, 1);
  await insertThread(sql, 1, { bid: 1 });
  const content =
    "[quote=1,1,'a'][b]a[/b][/quote] [url=http://a.example]b[/url] [url=http://[kaputt]x[/url] [quote=]c[/quote]";
  for (const pid of [1, 2]) await insertPost(sql, { pid, tid: 1, poster_uid: 1, content });
  await analyze({ sql, timezone: "UTC", forumUrl: "http://forum.example", full: true });
  // Each run creates its tables: an event trigger adds the failing constraint as soon as they exist.
  await sql.unsafe(`
    create table refused_tables (name text);
    create function refuse() returns event_trigger language plpgsql as $$
      declare created record;
      begin
        for created in select * from pg_event_trigger_ddl_commands() loop
          if created.object_identity in (select name from public.refused_tables) then
            execute format('alter table %s add constraint refused check (false)', created.object_identity);
          end if;
        end loop;
      end $$;
    create event trigger refuse on ddl_command_end when tag in ('CREATE TABLE') execute function refuse()`);
});
afterAll(() => Promise.all([database?.drop(), target?.drop()]));

/** The code of the error with which a stage fails; "done" if it succeeds. */
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
  await sql`delete from refused_tables`;
  await sql`insert into refused_tables values (${`baked_next.${table}`})`;
  const full = () => analyze({ sql, timezone: "UTC", forumUrl: "http://forum.example", full: true });
  expect(await codeOf(full())).toBe("23514");
  await sql`delete from refused_tables`;
  expect(await codeOf(full())).toBe("done");
});

test("index", async () => {
  const { sql } = database;
  await sql`insert into refused_tables values ('search_next.posts')`;
  expect(await codeOf(fillIndex({ sql, full: true, progress: silent }))).toBe("23514");
  await sql`delete from refused_tables`;
  expect(await codeOf(fillIndex({ sql, full: true, progress: silent }))).toBe("done");
});

test("db adopt", async () => {
  const { sql } = target;
  await sql`alter table posts add constraint refused check (false)`;
  expect(await codeOf(copyFromPotstats2({ sql, source: database.sql, progress: silent }))).toBe("23514");
  await sql`alter table posts drop constraint refused`;
  expect(await codeOf(copyFromPotstats2({ sql, source: database.sql, progress: silent }))).toBe("done");
});
