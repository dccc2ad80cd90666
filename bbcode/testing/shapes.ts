/** Hostile texts of markup fragments: repeated, nested, never closed, randomly mixed. */
import { createRandom } from "./random.ts";

/** A kind of text that can be generated in any length. */
export interface Shape {
  name: string;
  generate: (length: number) => string;
}

const repeated = (part: string, length: number) => part.repeat(Math.ceil(length / part.length)).slice(0, length);

/** One shape per fragment: the fragment, repeated. */
export const everyFragment = (fragments: readonly string[]): Shape[] =>
  fragments.map((fragment) => ({ name: JSON.stringify(fragment), generate: (length) => repeated(fragment, length) }));

/**
 * Random shapes: a repeated sequence of fragments, two such halves, where the second may close what the first opens, or
 * a random mixture.
 */
export function randomShapes(fragments: readonly string[], count: number, seed: number): Shape[] {
  const random = createRandom(seed);
  const pick = () => fragments[Math.floor(random() * fragments.length)] ?? "";
  return Array.from({ length: count }, (_, at): Shape => {
    const parts = Array.from({ length: 1 + Math.floor(random() * 4) }, pick).join("");
    const others = Array.from({ length: 1 + Math.floor(random() * 4) }, pick).join("");
    const [quoted, last] = [JSON.stringify(parts), pick()];
    if (at % 3 === 0)
      return { name: `${quoted} repeated, then ${last}`, generate: (length) => repeated(parts, length) + last };
    if (at % 3 === 1) {
      const name = `${quoted} repeated, then ${JSON.stringify(others)}`;
      return { name, generate: (length) => repeated(parts, length / 2) + repeated(others, length / 2) };
    }
    const mixture = Array.from({ length: 5000 }, pick).join("");
    return { name: `a mixture, ${at}`, generate: (length) => repeated(mixture, length) };
  });
}
