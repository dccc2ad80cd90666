/** Users by the naming rule, and their avatars. */
import type { Transaction } from "@potstats/db/connect";
import type { Change } from "./changes.ts";
import { type Naming, nameSeen, type Sighting } from "./names.ts";
import { type Batch, rows } from "./batch.ts";
import type { UserTag } from "../read/xml.ts";

interface Seen {
  gid: number | null;
  avid: number | null;
  sightings: Sighting[];
}

/** Everybody whom pages name: posters, editors, owners of profiles. */
export interface PeopleSeen {
  users: Map<number, Seen>;
  /** By id: their paths. */
  avatars: Map<number, string>;
}

export interface UserRow {
  uid: number;
  gid: number | null;
  avid: number | null;
  name: string | null;
  name_timestamp: Date | null;
  name_pid: number;
  aliases: string[] | null;
}

/** Gathers everybody whom pages and profiles name, and the avatars. */
export function peopleOn(changes: Change[]): PeopleSeen {
  const users = new Map<number, Seen>();
  const avatars = new Map<number, string>();
  const see = (tag: UserTag, seconds: number | null, pid: number): Seen | null => {
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
        const poster = see(post.poster, post.timestamp, post.pid);
        if (post.avatar) {
          avatars.set(post.avatar.avid, post.avatar.path);
          if (poster) poster.avid = post.avatar.avid;
        }
        if (post.last_edit) see(post.last_edit.user, post.last_edit.timestamp, post.pid);
      }
    } else if (change.kind === "profile" && change.page.profile && change.page.seen_ms !== null) {
      see({ uid: change.page.uid, name: change.page.profile.name, gid: null }, change.page.seen_ms / 1000, 0);
    }
  }
  return { users, avatars };
}

/** The users that we have of those seen. */
export async function knownUsers(tx: Transaction, { users }: PeopleSeen): Promise<UserRow[]> {
  if (users.size === 0) return [];
  return tx<UserRow[]>`
    select uid, gid, avid, name, name_timestamp, name_pid, aliases from users where uid = any(${[...users.keys()]}::int[])`;
}

/** Sends what inserts or updates users and avatars, given what is known of them. */
export function writeUsers(batch: Batch, { users, avatars }: PeopleSeen, known: UserRow[], revision: number): void {
  if (avatars.size > 0)
    batch.send(batch.tx`
      insert into avatars as a (avid, path)
      select avid, path from json_to_recordset(${rows([...avatars].map(([avid, path]) => ({ avid, path })))}::text::json) as t(avid int, path varchar)
      order by avid
      on conflict (avid) do update set path = excluded.path where a.path is distinct from excluded.path`);
  const before = new Map(known.map((row) => [row.uid, row]));
  const changed: unknown[] = [];
  for (const [uid, seen] of users) {
    const row = before.get(uid);
    const naming: Naming = {
      name: row?.name ?? null,
      name_ms: row?.name_timestamp?.getTime() ?? 0,
      name_pid: row?.name_pid ?? 0,
      aliases: row?.aliases ?? [],
    };
    const next = nameSeen(naming, seen.sightings);
    const gid = seen.gid ?? row?.gid ?? null;
    const avid = seen.avid ?? row?.avid ?? null;
    if (row && next === naming && gid === row.gid && avid === row.avid) continue;
    changed.push({
      uid,
      gid,
      avid,
      name: next.name,
      name_seconds: next.name_ms / 1000,
      name_pid: next.name_pid,
      aliases: next.aliases,
    });
  }
  if (changed.length === 0) return;
  batch.send(batch.tx`
    insert into users (uid, gid, avid, name, name_timestamp, name_pid, aliases, revision)
    select uid, gid, avid, name, to_timestamp(name_seconds) at time zone 'UTC', name_pid, aliases, ${revision}
    from json_to_recordset(${rows(changed)}::text::json) as t(uid int, gid int, avid int, name varchar, name_seconds float8, name_pid int, aliases jsonb)
    order by uid
    on conflict (uid) do update set gid = excluded.gid, avid = excluded.avid, name = excluded.name, name_timestamp = excluded.name_timestamp,
      name_pid = excluded.name_pid, aliases = excluded.aliases, revision = excluded.revision`);
}
