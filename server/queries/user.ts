/** A user as every answer shows one. */
import { users } from "@potstats/db/baked";
import type { Row } from "@potstats/db/row";
import { desc, eq } from "drizzle-orm";
import type { Sql } from "./selection.ts";
import { pick, type Placeholders, prepared } from "./prepared.ts";

export type User = Row<typeof users, "name" | "uid" | "aliases">;

/** The user in a row that has other columns as well. */
export const userOf = ({ uid, name, aliases }: User): User => ({ name, uid, aliases });

const byUid = prepared((db, { uid }: Placeholders<Pick<User, "uid">>) =>
  db
    .select(pick(users, "name", "uid", "aliases"))
    .from(users)
    .where(eq(users.uid, uid)),
);

/** The user with this id. */
export async function findUserByUid(sql: Sql, uid: number): Promise<User | undefined> {
  const [user] = await byUid(sql, { uid });
  return user;
}

const byName = prepared((db, { name_lower }: Placeholders<{ name_lower: string }>) =>
  db
    .select(pick(users, "name", "uid", "aliases"))
    .from(users)
    .where(eq(users.name_lower, name_lower))
    .orderBy(desc(users.uid))
    .limit(1),
);

/** The user of this name, case-insensitive; of several the one with the highest uid. */
export async function findUserByName(sql: Sql, name: string): Promise<User | undefined> {
  const [user] = await byName(sql, { name_lower: name.toLowerCase() });
  return user;
}
