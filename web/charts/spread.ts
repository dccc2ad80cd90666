/**
 * Divides a width among points, so that each can be hit: an area ends halfway to the next point, but is at least
 * `least` wide, as far as there is room. Points that are close together push the areas of those after them, and at the
 * right end of those before.
 * @param positions of the points, ascending
 * @returns where each area begins; the last one ends at `width`
 */
export function spread(positions: readonly number[], width: number, least: number): number[] {
  const room = Math.min(least, width / Math.max(1, positions.length));
  const starts = positions.map((position, at) => (at === 0 ? 0 : ((positions[at - 1] ?? 0) + position) / 2));
  for (let at = 1; at < starts.length; at++) starts[at] = Math.max(starts[at] ?? 0, (starts[at - 1] ?? 0) + room);
  for (let at = starts.length - 1, end = width; at > 0; at--) {
    starts[at] = Math.min(starts[at] ?? 0, end - room);
    end = starts[at] ?? 0;
  }
  return starts;
}
