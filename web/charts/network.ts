// oxlint-disable unicorn/no-thenable -- `then` is the word of sigma's styles
/** Who quotes whom as a graph: built, laid out and drawn. Pure library work; the page around it is social-graph.tsx. */
import { DirectedGraph } from "graphology";
import louvain from "graphology-communities-louvain";
import forceAtlas2 from "graphology-layout-forceatlas2";
import { Sigma } from "sigma";
import { nameOf } from "../names.ts";

export interface Quoting {
  from: { uid: number; name: string };
  to: { uid: number; name: string };
  count: number;
}

interface Person {
  label: string;
  x: number;
  y: number;
  size: number;
  color: string;
}

interface Edge {
  weight: number;
  size: number;
}

export interface Network {
  /** Shows only edges with at least this count, and who has one. */
  showFrom(count: number): void;
  /** Brings somebody into view with their quotes; one who is not there: nobody in particular. */
  choose(uid: number): void;
  /** Draws it once more, for whoever takes a picture of it before the browser throws away what was drawn. */
  draw(): HTMLCanvasElement;
  stop(): void;
}

/** Communities in colours that can be told apart, on paper and at night; the smaller ones share the last. */
const palettes = {
  light: ["#1d5f8f", "#b3531a", "#2f7d4f", "#8a3d8f", "#a3801a", "#0f7f86", "#b03060", "#6b7280"],
  dark: ["#7cbcec", "#f2a65a", "#7fd19b", "#d59be0", "#e0c46c", "#6fd3d8", "#f08fae", "#9aa7b5"],
};

/** Steps of the layout, those done at once, and nodes beyond which it is approximated. */
const steps = 240;
const stepsAtOnce = 4;
const approximateFrom = 800;
/** How long one sees it find its shape. A machine that draws slowly draws less often on the way. */
const settle_ms = 1000;

const smallest = 3;
const largest = 14;

/** Numbers that look random and are the same every time, so that the same selection gives the same picture. */
function seeded(): () => number {
  let state = 42;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

/** @param postCounts uid → posts: decides the size; who is not in it is as small as can be */
function graphOf(edges: readonly Quoting[], postCounts: ReadonlyMap<number, number>, palette: string[]) {
  const graph = new DirectedGraph<Person, Edge>();
  const mostPosts = Math.max(1, ...postCounts.values());
  const strongest = Math.max(1, ...edges.map(({ count }) => count));
  for (const { from, to, count } of edges) {
    // Who quotes themselves has a bar in the table; here it would only be a knot.
    if (from.uid === to.uid) continue;
    for (const user of [from, to]) {
      const angle = graph.order * 2.399_963;
      graph.mergeNode(String(user.uid), {
        label: nameOf(user),
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
  const communities = louvain(graph, { rng: seeded(), getEdgeWeight: "weight" });
  const sizes = new Map<number, number>();
  for (const community of Object.values(communities)) sizes.set(community, (sizes.get(community) ?? 0) + 1);
  const ranks = [...sizes.keys()].toSorted((a, b) => (sizes.get(b) ?? 0) - (sizes.get(a) ?? 0) || a - b);
  graph.updateEachNodeAttributes((uid, person) => {
    const rank = Math.min(ranks.indexOf(communities[uid] ?? -1), palette.length - 1);
    return { ...person, color: palette[rank] ?? person.color };
  });
  return graph;
}

/** Whether this browser can draw it. */
export const canDraw = (): boolean => document.createElement("canvas").getContext("webgl2") !== null;

/**
 * Draws the graph into a container and lets it find its shape.
 * @param isDark whether the page is
 * @param open told whom the reader clicked
 */
export function drawNetwork(
  container: HTMLElement,
  edges: readonly Quoting[],
  postCounts: ReadonlyMap<number, number>,
  isDark: boolean,
  open: (uid: number) => void,
): Network {
  const style = getComputedStyle(container);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const [ink, soft, surface, line] = [colour("--ink"), colour("--ink-soft"), colour("--surface"), colour("--line")];
  const accent = colour("--accent");
  const graph = graphOf(edges, postCounts, palettes[isDark ? "dark" : "light"]);
  const drawing = new Sigma(graph, container, {
    customNodeState: { isNear: false },
    customEdgeState: { isNear: false },
    customGraphState: { isFocused: false },
    primitives: { depthLayers: ["edges", "nodes", "topEdges", "topNodes"] },
    settings: {
      allowInvalidContainer: true,
      gestureTarget: "shared",
      itemSizesReference: "screen",
      labelRenderedSizeThreshold: 5,
      minCameraRatio: 0.05,
      maxCameraRatio: 4,
    },
    styles: {
      nodes: [
        {
          color: { attribute: "color" },
          size: { attribute: "size" },
          label: { attribute: "label" },
          labelColor: ink,
          labelFont: style.fontFamily,
          labelSize: 12,
          backdropColor: surface,
          cursor: "pointer",
        },
        {
          when: (_person, state, graphState) => graphState.isFocused && !state.isNear && !state.isHovered,
          then: { color: line, labelVisibility: "hidden" },
        },
        { whenState: "isNear", then: { depth: "topNodes", labelVisibility: "visible" } },
        { whenState: "isHovered", then: { depth: "topNodes", labelVisibility: "visible" } },
      ],
      edges: [
        { size: { attribute: "size" }, color: soft, opacity: 0.18, path: "curved", head: "arrow" },
        { when: (_edge, state, graphState) => graphState.isFocused && !state.isNear, then: { opacity: 0.05 } },
        { whenState: "isNear", then: { depth: "topEdges", color: accent, opacity: 0.8 } },
      ],
    },
  });

  let chosen: string | undefined;
  const focus = (uid: string | undefined) => {
    drawing.setNodesState(graph.nodes(), { isNear: false });
    drawing.setEdgesState(graph.edges(), { isNear: false });
    drawing.setGraphState({ isFocused: uid !== undefined });
    if (uid === undefined) return;
    drawing.setNodesState([uid, ...graph.neighbors(uid)], { isNear: true });
    drawing.setEdgesState(graph.edges(uid), { isNear: true });
  };
  /** Moves the view to who was chosen, and again when they have found their place. */
  const approach = () => {
    if (chosen === undefined) return;
    // Places on the screen are known when they have been drawn.
    drawing.refresh();
    const place = drawing.getNodeDisplayData(chosen);
    if (place) void drawing.getCamera().animate({ x: place.x, y: place.y, ratio: 0.4 }, { duration: 400 });
  };
  drawing.on("enterNode", ({ node }) => focus(node));
  drawing.on("leaveNode", () => focus(chosen));
  drawing.on("clickNode", ({ node }) => open(Number(node)));

  const settings = {
    ...forceAtlas2.inferSettings(graph),
    barnesHutOptimize: graph.order > approximateFrom,
    adjustSizes: false,
    linLogMode: true,
    outboundAttractionDistribution: true,
    scalingRatio: 4,
    gravity: 1,
  };
  let frame = 0;
  let done = 0;
  const begun_ms = performance.now();
  const settle = () => {
    const due = Math.min(steps, (steps * (performance.now() - begun_ms)) / settle_ms);
    for (; done < due; done += stepsAtOnce)
      forceAtlas2.assign(graph, { iterations: stepsAtOnce, settings, getEdgeWeight: "weight" });
    if (done < steps) frame = requestAnimationFrame(settle);
    else approach();
  };
  // Whoever wants no motion sees the picture when it is done.
  if (matchMedia("(prefers-reduced-motion: reduce)").matches)
    forceAtlas2.assign(graph, { iterations: steps, settings, getEdgeWeight: "weight" });
  else if (graph.order > 1) settle();

  return {
    showFrom: (count) => {
      const shown = new Set<string>();
      graph.forEachEdge((edge, { weight }, from, to) => {
        drawing.setEdgeState(edge, { isHidden: weight < count });
        if (weight >= count) shown.add(from).add(to);
      });
      graph.forEachNode((uid) => drawing.setNodeState(uid, { isHidden: !shown.has(uid) }));
    },
    choose: (uid) => {
      chosen = graph.hasNode(String(uid)) ? String(uid) : undefined;
      focus(chosen);
      approach();
    },
    draw: () => {
      drawing.refresh();
      return drawing.getStageCanvas();
    },
    stop: () => {
      cancelAnimationFrame(frame);
      drawing.kill();
    },
  };
}
