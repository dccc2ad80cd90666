/**
 * Moves and zooms the network: by dragging with a mouse, with two fingers, and by wheel with Ctrl. One finger and the
 * plain wheel scroll the page.
 */
import { select } from "d3-selection";
import { zoom, zoomIdentity, type ZoomTransform } from "d3-zoom";

export interface PanZoom {
  zoomBy(factor: number): void;
  /** Moves a point of the unzoomed picture to the middle. */
  center(x: number, y: number): void;
  /** Shows everything. */
  reset(): void;
  stop(): void;
}

const largest = 12;

/** @param changed called with each new transformation */
export function panZoom(element: HTMLElement, changed: (transform: ZoomTransform) => void): PanZoom {
  const isOurs = (event: Event) => {
    if (event instanceof WheelEvent) return event.ctrlKey || event.metaKey;
    if ("touches" in event) return (event as TouchEvent).touches.length > 1;
    return event instanceof MouseEvent && event.button === 0;
  };
  const behavior = zoom<HTMLElement, unknown>()
    .filter(isOurs)
    .scaleExtent([0.7, largest])
    // One notch of a wheel zooms by half; a pinch on a touchpad sends many small steps.
    .wheelDelta(({ deltaY }: WheelEvent) => Math.max(-0.6, Math.min(0.6, -0.02 * deltaY)))
    .on("zoom", ({ transform }: { transform: ZoomTransform }) => changed(transform));
  const target = select(element).call(behavior).on("dblclick.zoom", null);
  return {
    zoomBy: (factor) => target.call(behavior.scaleBy, factor),
    center: (x, y) => target.call(behavior.translateTo, x, y),
    reset: () => target.call(behavior.transform, zoomIdentity),
    stop: () => target.on(".zoom", null),
  };
}
