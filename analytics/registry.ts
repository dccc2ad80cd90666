/** All statistics: those that the files in statistics/ export. Adding a file there registers its statistic. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Source } from "./source.ts";
import type { Statistic } from "./statistic.ts";

const folder = join(import.meta.dirname, "statistics");

const isStatistic = (value: unknown): value is Statistic =>
  typeof value === "object" && value !== null && "steps" in value;

async function load(): Promise<Statistic[]> {
  const files = readdirSync(folder).toSorted();
  const modules = await Promise.all(files.map((file) => import(join(folder, file)) as Promise<object>));
  return modules.flatMap((module) => Object.values(module).filter(isStatistic));
}

/** Topological order, with those to start early first where possible. @throws Error on a cycle */
export function sortTopologically(all: readonly Statistic[]): Statistic[] {
  const waiting = all.toSorted((a, b) => Number(b.startEarly) - Number(a.startEarly));
  const result: Statistic[] = [];
  while (waiting.length > 0) {
    const isWaiting = (source: Source): boolean =>
      waiting.includes(source as Statistic) || (source.needs ?? []).some(isWaiting);
    const ready = waiting.findIndex(({ needs }) => !needs.some(isWaiting));
    if (ready === -1)
      throw new Error(`circular dependency between statistics: ${waiting.map(({ name }) => name).join(", ")}`);
    result.push(...waiting.splice(ready, 1));
  }
  return result;
}

export const statistics: readonly Statistic[] = sortTopologically(await load());
