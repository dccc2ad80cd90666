/** All statistics: what the files in statistics/ export. A new file there is all that a new statistic needs. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Statistic } from "./statistic.ts";

const folder = join(import.meta.dirname, "statistics");

const isStatistic = (value: unknown): value is Statistic =>
  typeof value === "object" && value !== null && "steps" in value;

async function load(): Promise<Statistic[]> {
  const files = readdirSync(folder).toSorted();
  const modules = await Promise.all(files.map((file) => import(join(folder, file)) as Promise<object>));
  return modules.flatMap((module) => Object.values(module).filter(isStatistic));
}

/** Each after those that it is made from; what takes longest first, as far as that allows. @throws Error for a circle */
export function ordered(all: readonly Statistic[]): Statistic[] {
  const waiting = all.toSorted((a, b) => Number(b.isSlow) - Number(a.isSlow));
  const result: Statistic[] = [];
  while (waiting.length > 0) {
    const isWaiting = (source: unknown) => waiting.includes(source as Statistic);
    const ready = waiting.findIndex(({ needs }) => !needs.some(isWaiting));
    if (ready === -1)
      throw new Error(`statistics are made from each other: ${waiting.map(({ name }) => name).join(", ")}`);
    result.push(...waiting.splice(ready, 1));
  }
  return result;
}

export const statistics: readonly Statistic[] = ordered(await load());
