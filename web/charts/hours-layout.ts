/** Places the hours of a week, in pixels. Pure. */
import type { Names } from "./calendar-layout.ts";
import { cellAt, type Layout, thumb } from "./cells.ts";

const weekdays = [0, 1, 2, 3, 4, 5, 6];
const hours = Array.from({ length: 24 }, (_, hour) => hour);
const top = 20;
const left = 30;
const largest = { across: 46, down: 28, upright: 90 };
/** The narrowest hour for a mouse, in pixels. */
const narrowest = 18;

/** Hours from left to right, or downwards if they would be too narrow for a mouse or thumb. Keys: "0 13" is Monday, 13 to 14. */
export function hoursLayout(width: number, isTouch: boolean, names: Names): Layout {
  const isUpright = (width - left) / 24 < (isTouch ? thumb : narrowest);
  const across = isUpright
    ? Math.min(largest.upright, (width - left) / 7)
    : Math.min(largest.across, (width - left) / 24);
  const down = Math.min(isUpright ? thumb : largest.down, Math.max(thumb, across));
  const place = (weekday: number, hour: number) => (isUpright ? [weekday, hour] : [hour, weekday]) as [number, number];
  const [lastColumn, lastRow] = place(6, 23);
  const named = hours.filter((hour) => hour % 3 === 0);
  return {
    width: left + (lastColumn + 1) * across,
    height: top + (lastRow + 1) * down,
    cells: weekdays.flatMap((weekday) =>
      hours.map((hour) => {
        const [column, row] = place(weekday, hour);
        return cellAt(`${weekday} ${hour}`, left + column * across, top + row * down, across, down);
      }),
    ),
    labels: isUpright
      ? [
          ...named.map((hour) => ({ x: 0, y: top + hour * down + 17, text: String(hour) })),
          ...weekdays.map((at) => ({
            x: left + (at + 0.5) * across - 1,
            y: 12,
            text: names.weekday(at),
            anchor: "middle" as const,
          })),
        ]
      : [
          ...named.map((hour) => ({ x: left + hour * across, y: 12, text: String(hour) })),
          ...weekdays.map((at) => ({ x: 0, y: top + at * down + down / 2 + 3, text: names.weekday(at) })),
        ],
  };
}
