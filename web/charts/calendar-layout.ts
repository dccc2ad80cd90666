/** Places the days and months of calendars, in pixels. Pure. */
import { type Cell, cellAt, type Label, type Layout, thumb } from "./cells.ts";
import { day_ms, isoDay, midnight_ms, midnightsOf, weekdayOf } from "./dates.ts";

/** Names in the reader's language. */
export interface Names {
  month: (time_ms: number) => string;
  /** 0 is Monday. */
  weekday: (at: number) => string;
}

/** Only a leap year that begins on a Sunday has days in a 54th week. */
const weekCount = 54;
/** Below this distance from cell to cell, months are stacked instead of weeks side by side, in pixels. */
const smallestStep = 14.5;
const largestStep = 32;
/** Space above the cells for the names of months, and left of them for weekdays or years. */
const top = 20;
const left = 30;
const yearsLeft = 44;
const betweenYears = 12;
const betweenMonths = 16;

const midnights = (year: number) => Array.from({ length: 12 }, (_, at) => midnight_ms(year, at + 1));

/** Distance from cell to cell that fills a width with the weeks of a year. */
const stepOf = (width: number, margin: number) =>
  Math.min(largestStep, Math.floor((100 * (width - margin)) / weekCount) / 100);

/** Whether the weeks of a year fit side by side in a width, with cells that can be hit. */
const hasRoomForWeeks = (width: number, isTouch: boolean, margin: number) =>
  stepOf(width, margin) >= (isTouch ? thumb : smallestStep);

/** The weeks of a year side by side, with the names of the months above. */
function weeksOf(year: number, step: number, x: number, y: number, names: Names): Pick<Layout, "cells" | "labels"> {
  const first_ms = midnight_ms(year);
  const column = (time_ms: number) => Math.floor(((time_ms - first_ms) / day_ms + weekdayOf(first_ms)) / 7);
  return {
    cells: midnightsOf(year).map((time_ms) =>
      cellAt(isoDay(time_ms), x + column(time_ms) * step, y + top + weekdayOf(time_ms) * step, step, step),
    ),
    // A month is named above its first whole week.
    labels: midnights(year).map((time_ms) => ({
      x: x + (column(time_ms) + (weekdayOf(time_ms) > 0 ? 1 : 0)) * step,
      y: y + 12,
      text: names.month(time_ms),
    })),
  };
}

const weekdayLabels = (step: number, names: Names): Label[] =>
  [0, 2, 4].map((at) => ({ x: 0, y: top + at * step + step * 0.75, text: names.weekday(at) }));

/** A year as one strip of weeks. @param step from cell to cell, in pixels */
function stripOf(year: number, step: number, names: Names): Layout {
  const { cells, labels } = weeksOf(year, step, left, 0, names);
  return {
    width: left + weekCount * step,
    height: top + 7 * step,
    cells,
    labels: [...labels, ...weekdayLabels(step, names)],
  };
}

/** A year as one strip of weeks, which is wider than the page where the cells would be too small for a thumb. */
export function yearStrip(year: number, width: number, isTouch: boolean, names: Names): Layout {
  const step = hasRoomForWeeks(width, isTouch, left) ? stepOf(width, left) : thumb;
  return stripOf(year, step, names);
}

/** The weeks of a month: rows that its days need. */
const weeksIn = (time_ms: number, end_ms: number) => Math.ceil((weekdayOf(time_ms) + (end_ms - time_ms) / day_ms) / 7);

/** A year as months, as many side by side as fit. */
function monthsOf(year: number, width: number, names: Names): Layout {
  const perRow = [6, 4, 3, 2].find((n) => n * 7 * thumb + (n - 1) * betweenMonths <= width) ?? 1;
  const across = Math.min(44, (width - (perRow - 1) * betweenMonths) / perRow / 7);
  const down = Math.max(thumb, Math.min(across, 30));
  const starts = midnights(year);
  const end_ms = midnightsOf(year).length * day_ms + midnight_ms(year);
  const x = (at: number) => (at % perRow) * (7 * across + betweenMonths);
  const cells: Cell[] = [];
  const labels: Label[] = [];
  let y = top;
  for (let row = 0; row < starts.length; row += perRow) {
    const weeks = Array.from({ length: perRow }, (_, at) => row + at).map((at) => {
      const start_ms = starts[at] ?? end_ms;
      const until_ms = starts[at + 1] ?? end_ms;
      labels.push({ x: x(at), y: y + 13, text: names.month(start_ms) });
      for (let time_ms = start_ms; time_ms < until_ms; time_ms += day_ms) {
        const week = Math.floor((weekdayOf(start_ms) + (time_ms - start_ms) / day_ms) / 7);
        const number = String((time_ms - start_ms) / day_ms + 1);
        const corner = [x(at) + weekdayOf(time_ms) * across, y + top + week * down] as const;
        cells.push(cellAt(isoDay(time_ms), ...corner, across, down, number));
      }
      return weeksIn(start_ms, until_ms);
    });
    y += top + Math.max(...weeks) * down + betweenMonths / 2;
  }
  for (let at = 0; at < perRow * 7; at += 1) {
    const center = x(Math.floor(at / 7)) + ((at % 7) + 0.5) * across - 1;
    labels.push({ x: center, y: 12, text: names.weekday(at % 7), anchor: "middle" });
  }
  const used = perRow * 7 * across + (perRow - 1) * betweenMonths;
  return { width: used, height: y - betweenMonths / 2, cells, labels, isText: true };
}

/** A year, as wide as the page: as a strip of weeks, or as months if the strip's cells would be too small. */
export const yearLayout = (year: number, width: number, isTouch: boolean, names: Names): Layout =>
  hasRoomForWeeks(width, isTouch, left) ? stripOf(year, stepOf(width, left), names) : monthsOf(year, width, names);

/** Whether several years are drawn by day; otherwise by month. */
const isByDay = (width: number, isTouch: boolean): boolean => hasRoomForWeeks(width, isTouch, yearsLeft);

/** Several years below each other, each as a strip of weeks, or of months if there is no room. Keys are days or months. */
export function yearsLayout(years: readonly number[], width: number, isTouch: boolean, names: Names): Layout {
  if (!isByDay(width, isTouch)) return monthRows(years, width, names);
  const step = stepOf(width, yearsLeft);
  const height = top + 7 * step + betweenYears;
  const parts = years.map((year, at) => weeksOf(year, step, yearsLeft, at * height, names));
  return {
    width: yearsLeft + weekCount * step,
    height: years.length * height - betweenYears,
    cells: parts.flatMap(({ cells }) => cells),
    labels: [
      ...years.map((year, at) => ({ x: 0, y: at * height + top + step * 0.75, text: String(year), year })),
      ...parts.flatMap(({ labels }) => labels),
    ],
  };
}

/** Several years below each other by month, in one or two rows a year. */
function monthRows(years: readonly number[], width: number, names: Names): Layout {
  const perRow = width - yearsLeft >= 12 * thumb ? 12 : 6;
  const across = Math.min(64, (width - yearsLeft) / perRow);
  const height = (12 / perRow) * thumb + (perRow === 12 ? 0 : 6);
  const cells = years.flatMap((year, at) =>
    midnights(year).map((time_ms, month) =>
      cellAt(
        isoDay(time_ms).slice(0, 7),
        yearsLeft + (month % perRow) * across,
        (perRow === 12 ? top : 0) + at * height + Math.floor(month / perRow) * thumb,
        across,
        thumb,
        perRow === 12 ? undefined : names.month(time_ms),
      ),
    ),
  );
  const above = perRow === 12 ? top : 0;
  return {
    width: yearsLeft + perRow * across,
    height: above + years.length * height,
    cells,
    labels: [
      ...years.map((year, at) => ({ x: 0, y: above + at * height + 17, text: String(year), year })),
      ...(perRow === 12
        ? midnights(2024).map((time_ms, at) => ({ x: yearsLeft + at * across, y: 12, text: names.month(time_ms) }))
        : []),
    ],
    isText: perRow === 6,
  };
}
