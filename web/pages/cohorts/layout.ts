/** Places the triangle of cohorts, in pixels: a row for each cohort, a column for each year. Pure. */
import { cellAt, type Layout, thumb } from "../../charts/cells.ts";

const top = 22;
const left = 44;
const largest = { across: 64, down: 34 };
/** Cells this wide have room for "100 %". */
const widthOfText = 38;
/** Columns this wide have room for "2012"; narrower ones have "12" for it. */
const widthOfYear = 34;

export const keyOf = (cohort: number, year: number): string => `${cohort} ${year}`;

/**
 * @param cohorts with the years of each, ascending
 * @param textOf what is written into a cell
 * @param unfinished the year that is not over
 */
export function triangle(
  width: number,
  cohorts: readonly { year: number; years: ReadonlyMap<number, unknown> }[],
  years: readonly number[],
  textOf: (cohort: number, year: number) => string,
  unfinished: number | undefined,
): Layout {
  const across = Math.min(largest.across, Math.max(thumb, (width - left) / Math.max(1, years.length)));
  const down = Math.min(largest.down, Math.max(thumb, across));
  const x = (year: number) => left + years.indexOf(year) * across;
  const height = top + cohorts.length * down;
  const isUnfinished = unfinished !== undefined && years.includes(unfinished);
  return {
    width: left + years.length * across,
    height,
    cells: cohorts.flatMap((cohort, row) =>
      [...cohort.years.keys()].map((year) =>
        cellAt(
          keyOf(cohort.year, year),
          x(year),
          top + row * down,
          across,
          down,
          across < widthOfText ? undefined : textOf(cohort.year, year),
        ),
      ),
    ),
    labels: [
      ...years.map((year) => ({
        x: x(year) + across / 2 - 1,
        y: 13,
        text: across < widthOfYear ? `’${String(year).slice(-2)}` : String(year),
        anchor: "middle" as const,
        year,
      })),
      // Beside its first cell, where a narrow window shows it, too.
      ...cohorts.map(({ year }, row) => ({
        x: x(year) - 7,
        y: top + row * down + down / 2 + 3,
        text: String(year),
        anchor: "end" as const,
        year,
      })),
    ],
    unfinished: isUnfinished ? { x: x(unfinished) - 1, y: top - 1, width: across, height: height - top } : undefined,
  };
}
