import type { posterStats, quoteGraph } from "@potstats/db/baked";
import type { Row } from "@potstats/db/row";
import type { Fragment, Sql } from "./selection.ts";
import { type User, userOf } from "./user.ts";

interface NetworkSelection {
  year: number;
  /** Whose quotes; undefined for everyone's. */
  uid: number | undefined;
  /** Maximum number of edges. */
  limit: number;
}

interface Edge extends Row<typeof quoteGraph, "count"> {
  from: User["uid"];
  to: User["uid"];
}

type Member = Row<typeof posterStats, "post_count"> & { User: User };

/** A user's own network has at most this many other users: more could not be told apart in a picture. */
const maxPartners = 40;

/**
 * The strongest edges, and the users that they join, most posts first. With a uid: only edges among this user and those
 * with whom the user shares the most quotes.
 */
export async function findNetwork(sql: Sql, selection: NetworkSelection): Promise<{ users: Member[]; edges: Edge[] }> {
  const { uid } = selection;
  const edges = await (uid === undefined ? findStrongest(sql, selection) : findAround(sql, { ...selection, uid }));
  const uids = [...new Set([...(uid === undefined ? [] : [uid]), ...edges.flatMap(({ from, to }) => [from, to])])];
  const users = await sql<(User & Row<typeof posterStats, "post_count">)[]>`
    select u.uid, u.name, u.aliases, coalesce(s.post_count, 0) as post_count
    from baked.users u
    left join baked.poster_stats s on s.uid = u.uid and s.year = ${selection.year} and s.bid = 0
    where u.uid = any(${uids}::int[])
    order by post_count desc, u.uid`;
  return { users: users.map((row) => ({ User: userOf(row), post_count: row.post_count })), edges: [...edges] };
}

const findStrongest = (sql: Sql, { year, limit }: NetworkSelection) => sql<Edge[]>`
  select quoter_uid as "from", quoted_uid as "to", count from baked.quote_graph
  where year = ${year} and bid = 0
  order by count desc, quoter_uid, quoted_uid limit ${limit}`;

async function findAround(sql: Sql, { year, uid, limit }: NetworkSelection & { uid: number }) {
  const partners = await findPartners(sql, { year, uid });
  const among = [uid, ...partners.map((partner) => partner.uid)];
  return await sql<Edge[]>`
    select quoter_uid as "from", quoted_uid as "to", count from baked.quote_graph
    where quoter_uid = any(${among}::int[]) and quoted_uid = any(${among}::int[]) and year = ${year} and bid = 0
    order by count desc, quoter_uid, quoted_uid limit ${limit}`;
}

/**
 * With whom a user shares the most quotes, whoever quotes whom. Reads only the strongest edges of both directions:
 *
 * 1. The first partners of each direction, added up as far as they are among these, give a bound that no partner of the
 *    result falls below.
 * 2. Who reaches the bound has at least half of it in one direction. These edges are read; a count that is missing in
 *    the other direction is below that half, and is looked up only if it could matter.
 */
const findPartners = (sql: Sql, { year, uid }: Pick<NetworkSelection, "year"> & { uid: number }) => {
  const quotes: Fragment = sql`
    select quoted_uid as uid, count, 1 as quoting, 0 as quoted from baked.quote_graph
    where quoter_uid = ${uid} and quoted_uid <> ${uid} and year = ${year} and bid = 0`;
  const quotedBy: Fragment = sql`
    select quoter_uid as uid, count, 0 as quoting, 1 as quoted from baked.quote_graph
    where quoted_uid = ${uid} and quoter_uid <> ${uid} and year = ${year} and bid = 0`;
  const first: Fragment = sql`order by count desc, uid limit ${maxPartners}`;
  return sql<{ uid: number }[]>`
    with bound as materialized (
      select coalesce((
        select sum(count) from ((${quotes} ${first}) union all (${quotedBy} ${first})) head
        group by uid order by 1 desc offset ${maxPartners - 1} limit 1
      ), 0) as sum
    ),
    half as materialized (select ceil(sum / 2)::int as count from bound),
    candidates as materialized (
      select uid, sum(count) as count, max(quoting) as quoting, max(quoted) as quoted
      from (
        ${quotes} and count >= (select count from half) union all ${quotedBy} and count >= (select count from half)
      ) strong
      group by uid
      having sum(count) + case count(*) when 1 then (select count from half) - 1 else 0 end >= (select sum from bound)
    )
    select uid
    from (
      select uid, count + coalesce(
        case
          when quoting = 0 then (
            select count from baked.quote_graph
            where quoter_uid = ${uid} and quoted_uid = candidates.uid and year = ${year} and bid = 0)
          when quoted = 0 then (
            select count from baked.quote_graph
            where quoter_uid = candidates.uid and quoted_uid = ${uid} and year = ${year} and bid = 0)
        end, 0) as count
      from candidates
    ) partner
    order by count desc, uid limit ${maxPartners}`;
};
