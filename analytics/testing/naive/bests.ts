/** The best of some items: the largest value, of equals the first by the given columns. */
import type { Row } from "../tables.ts";

export function bestOf<Item extends Row>(items: Item[], value: keyof Item, ...ties: (keyof Item)[]): Item {
  const compare = (a: unknown, b: unknown) => (a === b ? 0 : (a as number) < (b as number) ? -1 : 1);
  const [best] = items.toSorted((a, b) =>
    ties.reduce((order, tie) => order || compare(a[tie], b[tie]), compare(b[value], a[value])),
  );
  return best!;
}
