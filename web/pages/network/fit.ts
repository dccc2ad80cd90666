/** From places of the layout to pixels of the canvas, and back to the person at a pixel. */
import type { Layout } from "./layout.ts";
import { type Network, radiusOf } from "./network.ts";
import type { Spot } from "./picture.ts";

interface Area {
  width: number;
  height: number;
}

/** A side may be stretched by this much more than the other: so tall phones and wide screens are filled. */
const maxStretch = 2.4;
const margin = 28;

/**
 * Fits people into an area.
 * @param shown persons of the network, in the order of the result
 */
export function fit({ people }: Network, { places, ranks }: Layout, shown: readonly number[], area: Area): Spot[] {
  const mostPosts = people[0]?.post_count ?? 1;
  const here = shown.flatMap((at) => [places[at] ?? [0, 0]]);
  const [xs, ys] = [here.map(([x]) => x), here.map(([, y]) => y)];
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const [top, bottom] = [Math.min(...ys), Math.max(...ys)];
  const across = (area.width - 2 * margin) / Math.max(1, right - left);
  const down = (area.height - 2 * margin) / Math.max(1, bottom - top);
  const scale = { x: Math.min(across, down * maxStretch), y: Math.min(down, across * maxStretch) };
  // Two people alone would be at opposite ends of the picture.
  const most = 4;
  const [scaleX, scaleY] = [Math.min(scale.x, most), Math.min(scale.y, most)];
  const size = Math.min(1.25, Math.max(0.75, Math.sqrt(Math.min(area.width, area.height)) / 24));
  return shown.map((at) => {
    const [x, y] = places[at] ?? [0, 0];
    return {
      at,
      x: area.width / 2 + (x - (left + right) / 2) * scaleX,
      y: area.height / 2 + (y - (top + bottom) / 2) * scaleY,
      radius: size * radiusOf(people[at]?.post_count ?? 0, mostPosts),
      rank: ranks[at] ?? 0,
    };
  });
}

/** The person at a point, or nearest to it within a finger's or a pointer's reach. */
export function personAt(spots: readonly Spot[], point: { x: number; y: number }, reach: number): number | undefined {
  let nearest: { at: number; distance: number } | undefined;
  for (const { at, x, y, radius } of spots) {
    const distance = Math.max(0, Math.hypot(x - point.x, y - point.y) - radius);
    if (distance <= reach && (!nearest || distance < nearest.distance)) nearest = { at, distance };
  }
  return nearest?.at;
}
