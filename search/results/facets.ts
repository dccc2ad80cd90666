/** The facets of a search, with names; disjunctive ones count what choosing another value would find. */
import type { boards, users } from "@potstats/db/baked";
import type { Sql } from "@potstats/db/connect";
import type { Row } from "@potstats/db/row";
import type { Facets, SearchRequest } from "../contract.ts";
import type { FacetCounts, Matches } from "../engines/engine.ts";
import { allFacets, type FacetName, type Query } from "../query/query.ts";
import type { Resolution } from "../query/resolve.ts";

type Counts = NonNullable<Matches["facets"]>;

/** The query with the facets that it counts itself: not those that need a query of their own. */
export function withOwnFacets(query: Query, { withoutOwn }: Pick<Resolution, "withoutOwn">): Query {
  const own = allFacets.filter((name) => !withoutOwn[name]);
  return { ...query, facets: query.facets && own.length > 0, facetNames: own };
}

/** The facets whose own parameters are set, counted without these. */
export async function countOthers(
  { withoutOwn }: Pick<Resolution, "withoutOwn">,
  find: (query: Query) => Promise<Matches>,
): Promise<Partial<Counts>> {
  const counted = await Promise.all(
    allFacets.map(async (name): Promise<[FacetName, FacetCounts][]> => {
      const query = withoutOwn[name];
      if (!query) return [];
      // No scores are needed.
      const sort = query.sort === "score" ? "date-desc" : query.sort;
      const { facets } = await find({
        ...query,
        sort,
        next: undefined,
        offset: 0,
        limit: 0,
        byThread: false,
        facetNames: [name],
      });
      return [[name, facets?.[name] ?? []]];
    }),
  );
  return Object.fromEntries(counted.flat());
}

/**
 * Adds the chosen values where they are missing: they are rare, or without a hit.
 * @param count number of hits with all parameters
 */
export function withChosen(counts: Counts, { bid, year, uid }: SearchRequest, count: number): Counts {
  const add = (facet: FacetCounts, chosen: number | undefined): FacetCounts =>
    chosen === undefined || facet.some(([value]) => value === chosen)
      ? facet
      : [...facet, [chosen, count] satisfies FacetCounts[number]].toSorted((a, b) => b[1] - a[1] || a[0] - b[0]);
  return { bids: add(counts.bids, bid), years: add(counts.years, year), uids: add(counts.uids, uid) };
}

/** Adds the names of boards and users. */
export async function loadFacets(sql: Sql, { bids, years, uids }: Counts): Promise<Facets> {
  const [boardRows, userRows] = await Promise.all([
    sql<Row<typeof boards, "bid" | "name">[]>`
      select bid, name from baked.boards where bid = any(${bids.map(([bid]) => bid)})`,
    sql<Row<typeof users, "uid" | "name">[]>`
      select uid, name from baked.users where uid = any(${uids.map(([uid]) => uid)})`,
  ]);
  const boardNames = new Map(boardRows.map(({ bid, name }) => [bid, name]));
  const userNames = new Map(userRows.map(({ uid, name }) => [uid, name]));
  return {
    boards: bids.map(([bid, count]) => ({ bid, name: boardNames.get(bid) ?? "", count })),
    years: years.map(([year, count]) => ({ year, count })),
    users: uids.map(([uid, count]) => ({ uid, name: userNames.get(uid) ?? "", count })),
  };
}
