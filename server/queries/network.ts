import type { posterStats, quoteGraph } from "@potstats/db/baked";
import type { Row } from "@potstats/db/row";
import type { Sql } from "./selection.ts";
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
/** Partners are chosen among this many that the user quotes most, and as many that quote the user most. */
const maxCandidates = 500;

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
  const partners = await sql<{ uid: number }[]>`
    select uid from (
      (select quoted_uid as uid, count from baked.quote_graph
       where quoter_uid = ${uid} and year = ${year} and bid = 0
       order by count desc, quoted_uid limit ${maxCandidates})
      union all
      (select quoter_uid as uid, count from baked.quote_graph
       where quoted_uid = ${uid} and year = ${year} and bid = 0
       order by count desc, quoter_uid limit ${maxCandidates})
    ) partner
    where uid <> ${uid}
    group by uid order by sum(count) desc, uid limit ${maxPartners}`;
  const among = [uid, ...partners.map((partner) => partner.uid)];
  return await sql<Edge[]>`
    select quoter_uid as "from", quoted_uid as "to", count from baked.quote_graph
    where quoter_uid = any(${among}::int[]) and quoted_uid = any(${among}::int[]) and year = ${year} and bid = 0
    order by count desc, quoter_uid, quoted_uid limit ${limit}`;
}
