/** Writes users, named by the naming rule (names.ts), and their avatars. */
import type { Transaction } from "@potstats/db/connect";
import type { Row } from "@potstats/db/row";
import { avatars as avatarsTable, users as usersTable } from "@potstats/db/crawled";
import type { UserTag } from "../read/xml.ts";
import { type StatementBatch, db, execute, isAmong, parameter, stamp, statement } from "./statements.ts";
import type { Change } from "./changes.ts";
import { type Naming, nameSeen, type Sighting } from "./names.ts";
import { columnsExcept, columnsOf, upsert } from "./upsert.ts";

interface UserOnPages {
  gid: number | null;
  avid: number | null;
  sightings: Sighting[];
}

/** All users on pages: posters, editors, owners of profiles. */
export interface People {
  users: Map<number, UserOnPages>;
  /** Paths by id. */
  avatars: Map<number, string>;
}

/** Columns that posts fill; profiles.ts fills the others. */
const columns = ["uid", "gid", "avid", "name", "name_timestamp", "name_pid", "aliases"] as const;

export type UserRow = Row<typeof usersTable, (typeof columns)[number]>;

const selectUsers = statement<{ uids: number[] }, UserRow>(
  db
    .select(Object.fromEntries(columns.map((name) => [name, usersTable[name]])))
    .from(usersTable)
    .where(isAmong(usersTable.uid, parameter("uids"))),
);

const upsertUsers = statement<{ rows: UserRow[]; revision: number }>(
  upsert(usersTable, columnsOf(usersTable, columns), { key: "uid", touched: stamp }),
);

const upsertAvatars = statement<{ rows: Row<typeof avatarsTable>[] }>(
  upsert(avatarsTable, columnsExcept(avatarsTable, []), { key: "avid" }),
);

/** Gathers all users on pages and profiles, and the avatars. */
export function peopleOn(changes: Change[]): People {
  const users = new Map<number, UserOnPages>();
  const avatars = new Map<number, string>();
  const add = (tag: UserTag, seconds: number | null, pid: number): UserOnPages | null => {
    if (tag.uid === null) return null;
    let user = users.get(tag.uid);
    if (!user) users.set(tag.uid, (user = { gid: null, avid: null, sightings: [] }));
    if (tag.gid !== null) user.gid = tag.gid;
    if (tag.name !== null) user.sightings.push({ name: tag.name, time_ms: (seconds ?? 0) * 1000, pid });
    return user;
  };
  for (const change of changes) {
    if (change.kind === "page") {
      for (const post of change.document.posts) {
        const poster = add(post.poster, post.timestamp, post.pid);
        if (post.avatar) {
          avatars.set(post.avatar.avid, post.avatar.path);
          if (poster) poster.avid = post.avatar.avid;
        }
        if (post.last_edit) add(post.last_edit.user, post.last_edit.timestamp, post.pid);
      }
    } else if (change.kind === "profile" && change.page.profile && change.page.seen_ms !== null) {
      add({ uid: change.page.uid, name: change.page.profile.name, gid: null }, change.page.seen_ms / 1000, 0);
    }
  }
  return { users, avatars };
}

/** The rows of these users that are stored already. */
export async function readUsers(tx: Transaction, { users }: People): Promise<UserRow[]> {
  if (users.size === 0) return [];
  return execute(tx, selectUsers({ uids: [...users.keys()] }));
}

/** Inserts and updates users and avatars. @param stored existing rows of the users */
export function writeUsers(
  batch: StatementBatch,
  { users, avatars }: People,
  stored: UserRow[],
  revision: number,
): void {
  if (avatars.size > 0) batch.send(upsertAvatars({ rows: Array.from(avatars, ([avid, path]) => ({ avid, path })) }));
  const before = new Map(stored.map((row) => [row.uid, row]));
  const changed: UserRow[] = [];
  for (const [uid, user] of users) {
    const row = before.get(uid);
    const naming: Naming = {
      name: row?.name ?? null,
      name_ms: row?.name_timestamp?.getTime() ?? 0,
      name_pid: row?.name_pid ?? 0,
      aliases: row?.aliases ?? [],
    };
    const next = nameSeen(naming, user.sightings);
    const gid = user.gid ?? row?.gid ?? null;
    const avid = user.avid ?? row?.avid ?? null;
    if (row && next === naming && gid === row.gid && avid === row.avid) continue;
    const { name, name_pid, aliases } = next;
    changed.push({ uid, gid, avid, name, name_timestamp: new Date(next.name_ms), name_pid, aliases });
  }
  if (changed.length > 0) batch.send(upsertUsers({ rows: changed, revision }));
}
