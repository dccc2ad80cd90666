import { type Sql, type UserColumns, userOf } from "./context.ts";

/** The user with this id. */
export async function userByUid(sql: Sql, uid: number) {
  const [row] = await sql<UserColumns[]>`select uid, name, aliases from baked.users where uid = ${uid}`;
  return row && userOf(row);
}

/** The user shown under this name, without regard to case; the highest uid of several. */
export async function userByName(sql: Sql, name: string) {
  const [row] = await sql<UserColumns[]>`
    select uid, name, aliases from baked.users where name_lower = ${name.toLowerCase()} order by uid desc limit 1`;
  return row && userOf(row);
}

export interface YearOfUser {
  year: number;
  post_count: number;
  edit_count: number;
  threads_created: number;
  quoted_count: number;
  quotes_count: number;
  avg_post_length: number;
}

/** A user's years in a board (0: all), the gaps between the first and the last filled with zeros. */
export async function posterDevelopment(sql: Sql, uid: number, bid: number): Promise<YearOfUser[]> {
  const rows = await sql<YearOfUser[]>`
    select year, post_count, edit_count, threads_created, quoted_count, quotes_count, avg_post_length
    from baked.poster_stats where uid = ${uid} and bid = ${bid} and year > 0
    order by year`;
  const years: YearOfUser[] = [];
  for (const row of rows) {
    for (let year = (years.at(-1)?.year ?? row.year - 1) + 1; year < row.year; year++) {
      years.push({
        year,
        post_count: 0,
        edit_count: 0,
        threads_created: 0,
        quoted_count: 0,
        quotes_count: 0,
        avg_post_length: 0,
      });
    }
    years.push(row);
  }
  return years;
}
