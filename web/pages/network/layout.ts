/** Moves the nodes of a graph to where those who quote each other are close together. */
import forceAtlas2 from "graphology-layout-forceatlas2";
import type { Graph } from "./graph.ts";

/** Iterations in all, and between two looks at the clock; more nodes than this are approximated. */
const iterations = 240;
const iterationsAtOnce = 4;
const approximateFrom = 800;
/** How long the movement takes. A machine that draws slowly draws fewer frames of it. */
const duration_ms = 1000;

/**
 * @param settled called when every node has its place, unless it has been stopped
 * @returns stops the movement
 */
export function layOut(graph: Graph, settled: () => void): () => void {
  const settings = {
    ...forceAtlas2.inferSettings(graph),
    barnesHutOptimize: graph.order > approximateFrom,
    adjustSizes: false,
    linLogMode: true,
    outboundAttractionDistribution: true,
    scalingRatio: 4,
    gravity: 1,
  };
  const iterate = (count: number) =>
    forceAtlas2.assign(graph, { iterations: count, settings, getEdgeWeight: "weight" });
  // Readers who want no motion get the finished picture.
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
    iterate(iterations);
    return () => {};
  }
  let frame = 0;
  let done = 0;
  const started_ms = performance.now();
  const step = () => {
    const due = Math.min(iterations, (iterations * (performance.now() - started_ms)) / duration_ms);
    for (; done < due; done += iterationsAtOnce) iterate(iterationsAtOnce);
    if (done < iterations) frame = requestAnimationFrame(step);
    else settled();
  };
  if (graph.order > 1) step();
  return () => cancelAnimationFrame(frame);
}
