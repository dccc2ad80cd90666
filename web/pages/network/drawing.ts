// oxlint-disable unicorn/no-thenable -- `then` is a key of sigma's styles
/** Draws the network into an element with sigma, which needs WebGL. */
import { Sigma } from "sigma";
import { type Graph, graphOf, type Quotes } from "./graph.ts";
import { layOut } from "./layout.ts";

export interface Drawing {
  /** Shows only edges with at least this count, and the users who have one. */
  showFrom(count: number): void;
  /** Highlights and zooms to a user and their quotes, or to no one if the uid is not in the graph. */
  focus(uid: number): void;
  /** Redraws the network, so that the canvas can be copied before the browser clears it. */
  draw(): HTMLCanvasElement;
  stop(): void;
}

/** Distinguishable colors of communities. All smaller communities share the last color. */
const palettes = {
  light: ["#1d5f8f", "#b3531a", "#2f7d4f", "#8a3d8f", "#a3801a", "#0f7f86", "#b03060", "#6b7280"],
  dark: ["#7cbcec", "#f2a65a", "#7fd19b", "#d59be0", "#e0c46c", "#6fd3d8", "#f08fae", "#9aa7b5"],
};

/** Whether this browser can draw the network. */
export const canDraw = (): boolean => document.createElement("canvas").getContext("webgl2") !== null;

/** Creates sigma with our styles, in the colors and the font of the page. */
function createSigma(graph: Graph, container: HTMLElement) {
  const style = getComputedStyle(container);
  const color = (name: string) => style.getPropertyValue(name).trim();
  return new Sigma(graph, container, {
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
          labelColor: color("--ink"),
          labelFont: style.fontFamily,
          labelSize: 12,
          backdropColor: color("--surface"),
          cursor: "pointer",
        },
        {
          when: (_person, state, graphState) => graphState.isFocused && !state.isNear && !state.isHovered,
          then: { color: color("--line"), labelVisibility: "hidden" },
        },
        { whenState: "isNear", then: { depth: "topNodes", labelVisibility: "visible" } },
        { whenState: "isHovered", then: { depth: "topNodes", labelVisibility: "visible" } },
      ],
      edges: [
        { size: { attribute: "size" }, color: color("--ink-soft"), opacity: 0.18, path: "curved", head: "arrow" },
        { when: (_edge, state, graphState) => graphState.isFocused && !state.isNear, then: { opacity: 0.05 } },
        { whenState: "isNear", then: { depth: "topEdges", color: color("--accent"), opacity: 0.8 } },
      ],
    },
  });
}

/**
 * Draws the graph and runs its layout.
 * @param isDark whether the page is dark
 * @param open called with the uid of a clicked user
 */
export function drawNetwork(
  container: HTMLElement,
  edges: readonly Quotes[],
  postCounts: ReadonlyMap<number, number>,
  isDark: boolean,
  open: (uid: number) => void,
): Drawing {
  const graph = graphOf(edges, postCounts, palettes[isDark ? "dark" : "light"]);
  const sigma = createSigma(graph, container);

  let chosen: string | undefined;
  const highlight = (uid: string | undefined) => {
    sigma.setNodesState(graph.nodes(), { isNear: false });
    sigma.setEdgesState(graph.edges(), { isNear: false });
    sigma.setGraphState({ isFocused: uid !== undefined });
    if (uid === undefined) return;
    sigma.setNodesState([uid, ...graph.neighbors(uid)], { isNear: true });
    sigma.setEdgesState(graph.edges(uid), { isNear: true });
  };
  const zoom = () => {
    if (chosen === undefined) return;
    // Screen positions are known only after drawing.
    sigma.refresh();
    const place = sigma.getNodeDisplayData(chosen);
    if (place) void sigma.getCamera().animate({ x: place.x, y: place.y, ratio: 0.4 }, { duration: 400 });
  };
  sigma.on("enterNode", ({ node }) => highlight(node));
  sigma.on("leaveNode", () => highlight(chosen));
  sigma.on("clickNode", ({ node }) => open(Number(node)));
  // Zoom again when the layout has moved the chosen user.
  const stopLayout = layOut(graph, zoom);

  return {
    showFrom: (count) => {
      const visible = new Set<string>();
      graph.forEachEdge((edge, { weight }, from, to) => {
        sigma.setEdgeState(edge, { isHidden: weight < count });
        if (weight >= count) visible.add(from).add(to);
      });
      graph.forEachNode((uid) => sigma.setNodeState(uid, { isHidden: !visible.has(uid) }));
    },
    focus: (uid) => {
      chosen = graph.hasNode(String(uid)) ? String(uid) : undefined;
      highlight(chosen);
      zoom();
    },
    draw: () => {
      sigma.refresh();
      return sigma.getStageCanvas();
    },
    stop: () => {
      stopLayout();
      sigma.kill();
    },
  };
}
