/** Lays out the graph so that users who quote each other are close together. */
import forceAtlas2 from "graphology-layout-forceatlas2";
import type { Graph } from "./graph.ts";

/**
 * Total number of iterations, iterations between two checks of the time, and the node count above which forces are
 * approximated.
 */
const iterations = 240;
const iterationsAtOnce = 4;
const approximateFrom = 800;
/** Duration of the animation. A slow machine draws fewer frames in that time. */
const duration_ms = 1000;

/**
 * Animates the layout.
 * @param settled called at the end of the layout, unless it has been stopped
 * @returns a function that stops the animation
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
  // Readers who prefer reduced motion get the finished layout.
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
