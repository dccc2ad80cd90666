/** Users as every response shows them. */
import { users } from "@potstats/db/baked";
import type { Row } from "@potstats/db/row";
import { desc, eq } from "drizzle-orm";
import type { Sql } from "./selection.ts";
import { pick, type Placeholders, prepared } from "./prepared.ts";

export type User = Row<typeof users, "name" | "uid" | "aliases">;

/** A post as every response shows it. */
export interface Post {
  pid: number;
  tid: number;
  /** Unix seconds. */
  timestamp: number;
  user: User;
}

/** Picks the post's and its poster's columns from a row. */
export const postOf = ({
  pid,
  tid,
  unix_s,
  ...poster
}: Omit<Post, "user" | "timestamp"> & User & { unix_s: number }): Post => ({
  pid,
  tid,
  timestamp: unix_s,
  user: userOf(poster),
});

/** Picks the user's columns from a row. */
export const userOf = ({ uid, name, aliases }: User): User => ({ name, uid, aliases });

const byUid = prepared((db, { uid }: Placeholders<Pick<User, "uid">>) =>
  db
    .select(pick(users, "name", "uid", "aliases"))
    .from(users)
    .where(eq(users.uid, uid)),
);

export async function findUserByUid(sql: Sql, uid: number): Promise<User | undefined> {
  const [user] = await byUid(sql, { uid });
  return user;
}

/** Users by uid. Raw SQL for `any`. */
export async function findUsersByUid(sql: Sql, uids: number[]): Promise<Map<number, User>> {
  const rows = await sql<User[]>`
    select uid, name, aliases from baked.users where uid = any(${[...new Set(uids)]}::int[])`;
  return new Map(rows.map((row) => [row.uid, userOf(row)]));
}

const byName = prepared((db, { name_lower }: Placeholders<{ name_lower: string }>) =>
  db
    .select(pick(users, "name", "uid", "aliases"))
    .from(users)
    .where(eq(users.name_lower, name_lower))
    .orderBy(desc(users.uid))
    .limit(1),
);

/** The user with this name, case-insensitive; if there are several, the one with the highest uid. */
export async function findUserByName(sql: Sql, name: string): Promise<User | undefined> {
  const [user] = await byName(sql, { name_lower: name.toLowerCase() });
  return user;
}
