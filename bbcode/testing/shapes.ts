/** Hostile texts made of fragments of markup: repeated, nested, never closed, randomly mixed. */

/** A generator of texts of any length. */
export interface Shape {
  name: string;
  of: (length: number) => string;
}

const repeated = (part: string, length: number) => part.repeat(Math.ceil(length / part.length)).slice(0, length);

/** A seeded generator of numbers in [0, 1) (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One shape per fragment: the fragment, repeated. */
export const everyFragment = (fragments: readonly string[]): Shape[] =>
  fragments.map((fragment) => ({ name: JSON.stringify(fragment), of: (length) => repeated(fragment, length) }));

/** Random shapes: repeated sequences of fragments, two halves of which one may close what the other opens, or random mixtures. */
export function randomShapes(fragments: readonly string[], count: number, seed: number): Shape[] {
  const random = randomOf(seed);
  const pick = () => fragments[Math.floor(random() * fragments.length)] ?? "";
  return Array.from({ length: count }, (_, at): Shape => {
    const parts = Array.from({ length: 1 + Math.floor(random() * 4) }, pick).join("");
    const others = Array.from({ length: 1 + Math.floor(random() * 4) }, pick).join("");
    const [quoted, last] = [JSON.stringify(parts), pick()];
    if (at % 3 === 0)
      return { name: `${quoted} repeated, then ${last}`, of: (length) => repeated(parts, length) + last };
    if (at % 3 === 1) {
      const name = `${quoted} repeated, then ${JSON.stringify(others)}`;
      return { name, of: (length) => repeated(parts, length / 2) + repeated(others, length / 2) };
    }
    const mixture = Array.from({ length: 5000 }, pick).join("");
    return { name: `a mixture, ${at}`, of: (length) => repeated(mixture, length) };
  });
}
