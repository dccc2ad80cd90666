/** Finds quoting circles, and places people so that those who often quote each other are close together. */
import {
  forceCollide,
  forceLink,
  forceManyBody,
  forceSimulation,
  forceX,
  forceY,
  type SimulationLinkDatum,
  type SimulationNodeDatum,
} from "d3-force";
import { UndirectedGraph } from "graphology";
import louvain from "graphology-communities-louvain";
import { maxCircles, type Network, radiusOf, type Tie } from "./network.ts";

export interface Layout {
  /** Places of the persons, in no particular unit. */
  places: readonly (readonly [x: number, y: number])[];
  /** Ranks of the persons' circles. */
  ranks: readonly number[];
}

/** The part of a network that its layout depends on. */
export interface LayoutTask extends Pick<Network, "ties" | "center"> {
  /** Of each person. */
  postCounts: readonly number[];
}

/** A step takes 2 ms for 260 people. After these, nobody moves visibly any more. */
const steps = 100;
/** At first people may pass through each other, or those of a circle would not come together. */
const freeSteps = 60;
const lastAlpha = 0.001;

/** A circle is at least a triangle. */
const smallestCircle = 3;

/** A random generator with a fixed seed, so that the same selection gives the same picture. */
function seeded(): () => number {
  let state = 42;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

/** One tie for both directions, without those who quote themselves. */
function merged(ties: readonly Tie[]): Tie[] {
  const pairs = new Map<string, Tie>();
  for (const { from, to, count } of ties) {
    if (from === to) continue;
    const [a, b] = from < to ? [from, to] : [to, from];
    const pair = pairs.get(`${a} ${b}`);
    pairs.set(`${a} ${b}`, { from: a, to: b, count: count + (pair?.count ?? 0) });
  }
  return [...pairs.values()];
}

/** Ranks of the persons' circles: 0 for the largest. All small ones have the last rank. */
function rank(pairs: readonly Tie[], size: number): number[] {
  const graph = new UndirectedGraph();
  for (let at = 0; at < size; at++) graph.addNode(at);
  for (const { from, to, count } of pairs) graph.addEdge(from, to, { weight: count });
  const communities = louvain(graph, { rng: seeded(), getEdgeWeight: "weight" });
  const members = new Map<number, number[]>();
  for (let at = 0; at < size; at++) {
    const community = communities[at] ?? -1;
    members.set(community, [...(members.get(community) ?? []), at]);
  }
  const largest = [...members]
    .filter(([, { length }]) => length >= smallestCircle)
    // A circle's first member is its busiest.
    .toSorted(([, a], [, b]) => b.length - a.length || (a[0] ?? 0) - (b[0] ?? 0))
    .slice(0, maxCircles)
    .map(([community]) => community);
  return Array.from({ length: size }, (_, at) => {
    const found = largest.indexOf(communities[at] ?? -1);
    return found < 0 ? maxCircles : found;
  });
}

interface Node extends SimulationNodeDatum {
  radius: number;
}

/** Computes a layout: always the same for the same task. */
export function layOut({ ties, postCounts, center }: LayoutTask): Layout {
  const pairs = merged(ties);
  const ranks = rank(pairs, postCounts.length);
  const mostPosts = Math.max(1, ...postCounts);
  const nodes: Node[] = postCounts.map((count, at) => ({
    radius: radiusOf(count, mostPosts),
    ...(at === center ? { fx: 0, fy: 0 } : {}),
  }));
  const strongest = Math.max(1, ...pairs.map(({ count }) => count));
  const links: (SimulationLinkDatum<Node> & { pull: number })[] = pairs.map(({ from, to, count }) => ({
    source: from,
    target: to,
    pull: (0.05 + Math.sqrt(count / strongest)) * (ranks[from] === ranks[to] ? 0.6 : 0.07),
  }));
  const simulation = forceSimulation(nodes)
    .force(
      "ties",
      forceLink<Node, (typeof links)[number]>(links)
        .distance(40)
        .strength(({ pull }) => pull),
    )
    .force(
      "room",
      forceManyBody<Node>()
        .strength(({ radius }) => -40 - 6 * radius)
        .distanceMax(400),
    )
    .force("x", forceX(0).strength(0.08))
    .force("y", forceY(0).strength(0.08))
    .alphaDecay(1 - lastAlpha ** (1 / steps))
    .stop()
    .tick(freeSteps);
  simulation
    .force(
      "collision",
      forceCollide<Node>(({ radius }) => 1.6 * radius + 5),
    )
    .tick(steps - freeSteps);
  return { places: nodes.map(({ x = 0, y = 0 }) => [x, y] as const), ranks };
}
