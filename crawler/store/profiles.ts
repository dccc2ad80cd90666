/** Profile pages: the raw page, and what it says of its owner. */
import type { Change } from "./changes.ts";
import { type Batch, rows } from "./batch.ts";

export function writeProfiles(batch: Batch, changes: Change[], revision: number): void {
  const pages = new Map(
    changes.flatMap((change) => (change.kind === "profile" ? [[change.page.uid, change.page] as const] : [])),
  );
  if (pages.size === 0) return;
  const fetched = [...pages.values()].filter((page) => page.html !== null);
  if (fetched.length > 0)
    batch.send(batch.tx`
      insert into my_mods_users (uid, html, fetched_at)
      select uid, html, to_timestamp(seen_ms / 1000.0) at time zone 'UTC'
      from json_to_recordset(${rows(fetched)}::text::json) as t(uid int, html text, seen_ms bigint)
      on conflict (uid) do update set html = excluded.html, fetched_at = excluded.fetched_at`);
  const parsed = [...pages.values()].map(({ uid, profile }) => ({
    uid,
    exists: profile !== null,
    ...profile,
    tier: profile?.tier?.name ?? null,
    bars: profile?.tier?.bars ?? null,
    type: profile?.tier?.type ?? null,
  }));
  const list = rows(parsed);
  batch.send(batch.tx`
    insert into user_tiers (name, bars, type)
    select distinct tier, bars, type from json_to_recordset(${list}::text::json) as t(tier varchar, bars varchar, type tiertype)
    where type is not null
      and not exists (select from user_tiers as u where (u.name, u.bars, u.type) = (t.tier, t.bars, t.type))
    on conflict do nothing`);
  batch.send(batch.tx`
    update users as u set user_profile_exists = n.exists, tied = n.tied, registered = n.registered, last_seen = n.last_seen,
      online_status = n.online_status, account_state = n.account_state, locked_until = n.locked_until, revision = ${revision}
    from (
      select t.uid, t.exists, g.tied, t.registered, t.last_seen, t.online_status, t.account_state, t.locked_until
      from json_to_recordset(${list}::text::json) as t(uid int, exists bool, registered timestamp, last_seen timestamp, online_status varchar,
        account_state accountstate, locked_until varchar, tier varchar, bars varchar, type tiertype)
      left join user_tiers as g on (g.name, g.bars, g.type) = (t.tier, t.bars, t.type)
    ) as n
    where u.uid = n.uid
      and (u.user_profile_exists, u.tied, u.registered, u.last_seen, u.online_status, u.account_state, u.locked_until)
        is distinct from (n.exists, n.tied, n.registered, n.last_seen, n.online_status, n.account_state, n.locked_until)`);
}
