/** Builds the graph of quotes: nodes, edges, sizes and communities with their colors. */
import { DirectedGraph } from "graphology";
import louvain from "graphology-communities-louvain";
import { displayName } from "../../display-name.ts";

/** How often one user quotes another. */
export interface Quotes {
  from: { uid: number; name: string };
  to: { uid: number; name: string };
  count: number;
}

export interface Person {
  label: string;
  x: number;
  y: number;
  size: number;
  color: string;
}

export interface Edge {
  weight: number;
  size: number;
}

export type Graph = DirectedGraph<Person, Edge>;

/** Radius of a node in pixels. */
const smallest = 3;
const largest = 14;

/** Radians between two nodes of the spiral on which the layout starts. */
const goldenAngle = 2.399_963;

/** A random generator with a fixed seed, so that the same selection gives the same picture. */
function seeded(): () => number {
  let state = 42;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

/**
 * Builds the graph.
 * @param postCounts posts by uid, for the size of nodes; missing users get the minimum
 * @param palette colors of the communities, largest first; the remaining communities share the last color
 */
export function graphOf(
  edges: readonly Quotes[],
  postCounts: ReadonlyMap<number, number>,
  palette: readonly string[],
): Graph {
  const graph: Graph = new DirectedGraph<Person, Edge>();
  const mostPosts = Math.max(1, ...postCounts.values());
  const strongest = Math.max(1, ...edges.map(({ count }) => count));
  for (const { from, to, count } of edges) {
    // Users who quote themselves are in the table; here they would be loops.
    if (from.uid === to.uid) continue;
    for (const user of [from, to]) {
      const angle = graph.order * goldenAngle;
      graph.mergeNode(String(user.uid), {
        label: displayName(user),
        x: Math.sqrt(graph.order + 1) * Math.cos(angle),
        y: Math.sqrt(graph.order + 1) * Math.sin(angle),
        size: smallest + (largest - smallest) * Math.sqrt((postCounts.get(user.uid) ?? 0) / mostPosts),
        color: palette.at(-1) ?? "",
      });
    }
    graph.mergeEdge(String(from.uid), String(to.uid), {
      weight: count,
      size: 0.6 + 3.4 * Math.sqrt(count / strongest),
    });
  }
  colorCommunities(graph, palette);
  return graph;
}

function colorCommunities(graph: Graph, palette: readonly string[]): void {
  const communities = louvain(graph, { rng: seeded(), getEdgeWeight: "weight" });
  const sizes = new Map<number, number>();
  for (const community of Object.values(communities)) sizes.set(community, (sizes.get(community) ?? 0) + 1);
  const ranks = [...sizes.keys()].toSorted((a, b) => (sizes.get(b) ?? 0) - (sizes.get(a) ?? 0) || a - b);
  graph.updateEachNodeAttributes((uid, person) => {
    const rank = Math.min(ranks.indexOf(communities[uid] ?? -1), palette.length - 1);
    return { ...person, color: palette[rank] ?? person.color };
  });
}
