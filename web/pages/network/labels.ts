/** Chooses which names are written, and where, so that none covers another or a person of importance. */

export interface Label {
  /** Place and radius of the person. */
  x: number;
  y: number;
  radius: number;
  /** Width of the name. */
  width: number;
}

interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

const gap = 4;
/** So many persons at the beginning of the list are not covered by names. */
const uncovered = 25;

/** Whether two boxes are closer than the gap. */
const overlap = (a: Box, b: Box) =>
  a.left < b.right + gap && b.left < a.right + gap && a.top < b.bottom && b.top < a.bottom;

/** To the right of the person, to the left, above and below. */
function candidates({ x, y, radius, width }: Label, height: number): Box[] {
  const box = (left: number, top: number) => ({ left, top, right: left + width, bottom: top + height });
  return [
    box(x + radius + gap, y - height / 2),
    box(x - radius - gap - width, y - height / 2),
    box(x - width / 2, y - radius - gap - height),
    box(x - width / 2, y + radius + gap),
  ];
}

/**
 * Places names, those at the beginning of the list first.
 * @param height of a name
 * @returns the left end and the middle of each name; undefined if there is no room for it
 */
export function placeLabels(
  labels: readonly Label[],
  height: number,
  area: { width: number; height: number },
): ({ x: number; y: number } | undefined)[] {
  const taken: Box[] = labels
    .slice(0, uncovered)
    .map(({ x, y, radius }) => ({ left: x - radius, top: y - radius, right: x + radius, bottom: y + radius }));
  const isInside = ({ left, top, right, bottom }: Box) =>
    left >= 0 && top >= 0 && right <= area.width && bottom <= area.height;
  return labels.map((label) => {
    const box = candidates(label, height).find(
      (candidate) => isInside(candidate) && !taken.some((other) => overlap(other, candidate)),
    );
    if (!box) return undefined;
    taken.push(box);
    return { x: box.left, y: (box.top + box.bottom) / 2 };
  });
}
