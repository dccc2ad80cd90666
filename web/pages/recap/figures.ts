/** The small pictures of a recap's cards as shapes, for the page and for saved pictures. Pure. */
import { day_ms, isoDay, midnightsOf, weekdayOf } from "../../charts/dates.ts";
import { shadesOf } from "../../charts/shades.ts";

/** Names of CSS variables, without the dashes before them. */
export type Color = "ink-soft" | "line" | "accent" | "accent-soft" | "warm" | `heat-${0 | 1 | 2 | 3 | 4}`;

export type Shape =
  | { kind: "rect"; x: number; y: number; width: number; height: number; color: Color }
  | { kind: "path"; d: string; color: Color }
  | { kind: "text"; x: number; y: number; text: string; anchor: "start" | "middle" | "end" };

export interface Figure {
  height: number;
  shapes: Shape[];
}

/** Draws a figure that is so wide, with labels of a size, both in pixels. */
export type Draw = (width: number, textSize: number) => Figure;

/** The days of a year, a column for each week, with the names of the months above. */
export const calendar =
  (year: number, values: ReadonlyMap<string, number>, monthName: (time_ms: number) => string): Draw =>
  (width, textSize) => {
    const days = midnightsOf(year);
    const first = weekdayOf(days[0] ?? 0);
    const columns = Math.ceil((days.length + first) / 7);
    const step = width / columns;
    const side = step * 0.86;
    const top = textSize * 1.6;
    const shadeOf = shadesOf([...values.values()]);
    const x = (at: number) => Math.floor((at + first) / 7) * step;
    const cells = days.map((time_ms, at): Shape => {
      const shade = shadeOf(values.get(isoDay(time_ms)) ?? 0) as 0 | 1 | 2 | 3 | 4;
      const y = top + weekdayOf(time_ms) * step;
      return { kind: "rect", x: x(at), y, width: side, height: side, color: `heat-${shade}` };
    });
    // As many names as have room.
    const every = [1, 2, 3, 6].find((months) => (width / 12) * months > textSize * 3.2) ?? 6;
    const starts = days
      .map((time_ms, at) => ({ time_ms, at }))
      .filter(({ time_ms }) => isoDay(time_ms).endsWith("-01"));
    const names = starts
      .filter((_, month) => month % every === 0)
      .map(({ time_ms, at }): Shape => {
        const column = x(at) + (weekdayOf(time_ms) > 0 ? step : 0);
        return { kind: "text", x: column, y: textSize, text: monthName(time_ms), anchor: "start" };
      });
    return { height: top + 7 * step, shapes: [...cells, ...names] };
  };

export interface Bar {
  name: string;
  value: number;
  isBest?: boolean;
}

/** Columns side by side, with their names below. */
export const bars =
  (items: readonly Bar[], ratio = 0.14): Draw =>
  (width, textSize) => {
    const area = Math.max(72, width * ratio);
    const step = width / items.length;
    const most = Math.max(1, ...items.map(({ value }) => value));
    const longest = Math.max(...items.map(({ name }) => name.length));
    // Where names are wider than their columns, some are left out.
    const every = Math.ceil((longest * textSize * 0.65) / step);
    const shapes = items.flatMap(({ name, value, isBest = false }, at): Shape[] => {
      const height = value === 0 ? 2 : Math.max(3, (value / most) * area);
      const x = at * step + step * 0.1;
      const bar = { kind: "rect", x, y: area - height, width: step * 0.8, height } as const;
      return [
        { ...bar, color: isBest ? "warm" : "accent" },
        {
          kind: "text",
          x: x + step * 0.4,
          y: area + textSize * 1.3,
          text: at % every === 0 ? name : "",
          anchor: "middle",
        },
      ];
    });
    return { height: area + textSize * 1.7, shapes };
  };

/** A part of a whole. */
export const share =
  (part: number): Draw =>
  (width, textSize) => {
    const height = textSize * 1.4;
    return {
      height,
      shapes: [
        { kind: "rect", x: 0, y: 0, width, height, color: "accent-soft" },
        { kind: "rect", x: 0, y: 0, width: Math.max(3, width * Math.min(1, part)), height, color: "accent" },
      ],
    };
  };

/** A place among others, from the first to the last. */
export const position =
  (place: number, of: number): Draw =>
  (width, textSize) => {
    const height = textSize * 1.4;
    const y = height + textSize * 1.4;
    const mark = Math.max(4, Math.min(textSize, width / of));
    const x = of > 1 ? ((width - mark) * (place - 1)) / (of - 1) : 0;
    return {
      height: height + textSize * 1.8,
      shapes: [
        { kind: "rect", x: 0, y: 0, width, height, color: "accent-soft" },
        { kind: "rect", x, y: 0, width: mark, height, color: "warm" },
        { kind: "text", x: 0, y, text: "1", anchor: "start" },
        ...(of > 1 ? [{ kind: "text", x: width, y, text: String(of), anchor: "end" } as const] : []),
      ],
    };
  };

/** Some days of a year as a part of it, with the first days of the months below. */
export const span =
  (year: number, from: string, to: string, monthName: (time_ms: number) => string): Draw =>
  (width, textSize) => {
    const days = midnightsOf(year);
    const start_ms = days[0] ?? 0;
    const x = (time_ms: number) => (width * (time_ms - start_ms)) / day_ms / days.length;
    const [first, last] = [x(Date.parse(from)), x(Date.parse(to) + day_ms)];
    const height = textSize * 1.4;
    const every = width / 12 > textSize * 3.2 ? 1 : 3;
    const months = days.filter((time_ms) => isoDay(time_ms).endsWith("-01"));
    return {
      height: height + textSize * 1.8,
      shapes: [
        { kind: "rect", x: 0, y: 0, width, height, color: "accent-soft" },
        { kind: "rect", x: Math.min(first, width - 4), y: 0, width: Math.max(4, last - first), height, color: "warm" },
        ...months
          .filter((_, at) => at % every === 0)
          .map((time_ms): Shape => ({
            kind: "text",
            x: x(time_ms),
            y: height + textSize * 1.4,
            text: monthName(time_ms),
            anchor: "start",
          })),
      ],
    };
  };

/** A ring sector from one angle to another, in parts of the circle clockwise from the top. */
function sector(center: number, inner: number, outer: number, from: number, to: number): string {
  const at = (radius: number, part: number) => {
    const angle = 2 * Math.PI * part;
    return `${(center + radius * Math.sin(angle)).toFixed(2)} ${(center - radius * Math.cos(angle)).toFixed(2)}`;
  };
  return `M${at(outer, from)}A${outer} ${outer} 0 0 1 ${at(outer, to)}L${at(inner, to)}A${inner} ${inner} 0 0 0 ${at(inner, from)}Z`;
}

/** The 24 hours of a day as a clock, with one of them marked. */
export const clock =
  (hour: number): Draw =>
  (width, textSize) => {
    const size = Math.min(width, textSize * 14);
    const [center, outer] = [size / 2, size / 2];
    const gap = 0.0025;
    const shapes = Array.from({ length: 24 }, (_, at): Shape => ({
      kind: "path",
      d: sector(center, outer * 0.72, outer, at / 24 + gap, (at + 1) / 24 - gap),
      color: at === hour ? "warm" : "heat-1",
    }));
    const names = [0, 6, 12, 18].map((at): Shape => {
      const angle = (2 * Math.PI * at) / 24;
      const [x, y] = [center + outer * 0.55 * Math.sin(angle), center - outer * 0.55 * Math.cos(angle)];
      return { kind: "text", x, y: y + textSize * 0.35, text: String(at), anchor: "middle" };
    });
    return { height: size, shapes: [...shapes, ...names] };
  };
