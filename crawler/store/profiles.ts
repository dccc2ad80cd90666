/** Writes profiles: the raw page, and the user's columns that are parsed from it. */
import { myModsUsers, users, userTiers } from "@potstats/db/crawled";
import { and, eq, sql } from "drizzle-orm";
import type { Profile, ProfilePage } from "../read/profile-page.ts";
import { type StatementBatch, db, stamp, statement } from "./statements.ts";
import type { Change } from "./changes.ts";
import { columnsExcept, columnsOf, differ, incoming, recordset, upsert } from "./upsert.ts";

const upsertPages = statement<{ rows: (typeof myModsUsers.$inferSelect)[] }>(
  upsert(myModsUsers, columnsExcept(myModsUsers, []), { key: "uid" }),
);

/**
 * Columns of `users` that a profile fills under the same name. The user's own name follows the naming rule (users.ts).
 */
const profileColumns = columnsOf(users, [
  "registered",
  "last_seen",
  "online_status",
  "account_state",
  "locked_until",
] satisfies (keyof Profile)[]);
const userColumns = [users.user_profile_exists, ...profileColumns];
const tierColumns = columnsExcept(userTiers, ["tied"]);

/** Flattens a profile with its tier into columns, which are NULL without a profile. */
const rowOf = ({ uid, profile }: ProfilePage) => ({
  ...profile,
  uid,
  user_profile_exists: profile !== null,
  ...(profile?.tier ?? { name: null, bars: null, type: null }),
});

type ProfileRow = ReturnType<typeof rowOf>;

const isTier = sql`(${userTiers.name}, ${userTiers.bars}, ${userTiers.type}) = (incoming.name, incoming.bars, incoming.type)`;

const insertTiers = statement<{ rows: ProfileRow[] }>(sql`
  insert into ${userTiers} (name, bars, type)
  select distinct name, bars, type from ${recordset(tierColumns)}
  where type is not null and not exists (select from ${userTiers} where ${isTier})
  on conflict do nothing`);

const values = { ...incoming(userColumns), tied: sql`${userTiers.tied}` };

const updateUsers = statement<{ rows: ProfileRow[]; revision: number }>(
  db
    .update(users)
    .set({ ...values, ...stamp })
    .from(sql`${recordset([users.uid, ...userColumns, ...tierColumns])} left join ${userTiers} on ${isTier}`)
    .where(and(eq(users.uid, sql`incoming.uid`), differ([...userColumns, users.tied], Object.values(values)))),
);

export function writeProfiles(batch: StatementBatch, changes: Change[], revision: number): void {
  const pages = new Map<number, ProfilePage>();
  for (const change of changes) if (change.kind === "profile") pages.set(change.page.uid, change.page);
  if (pages.size === 0) return;
  const fetched = [...pages.values()].flatMap(({ uid, html, seen_ms }) =>
    html === null ? [] : { uid, html, fetched_at: seen_ms === null ? null : new Date(seen_ms) },
  );
  if (fetched.length > 0) batch.send(upsertPages({ rows: fetched }));
  const rows = [...pages.values()].map(rowOf);
  batch.send(insertTiers({ rows }));
  batch.send(updateUsers({ rows, revision }));
}
