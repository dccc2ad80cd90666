/** The pictures of link previews as SVG: pure, from numbers to shapes. */
import { escape } from "./texts.ts";

/** The size that messengers expect. */
const width = 1200;
const height = 630;
const margin = 64;

const color = {
  paper: "#f5f4f0",
  ink: "#1b2430",
  soft: "#55606e",
  line: "#dcd8cf",
  accent: "#1d5f8f",
  warm: "#b3531a",
  heat: ["#e4e1d8", "#c3dcec", "#86b9d9", "#3f88b8", "#144a72"],
};

export interface Drawing {
  title: string;
  subtitle: string;
  /** Up to four numbers with their names. */
  facts: { value: string; name: string }[];
  /** The title of the chart. */
  chartTitle: string;
  chart: string;
}

interface TextOptions {
  size: number;
  fill?: string;
  isBold?: boolean;
  anchor?: "start" | "middle" | "end";
}

const text = (x: number, y: number, content: string, options: TextOptions): string => {
  const { size, fill = color.ink, isBold = false, anchor = "start" } = options;
  const weight = isBold ? 700 : 400;
  return `<text x="${x}" y="${y}" font-size="${size}" font-weight="${weight}" fill="${fill}" text-anchor="${anchor}">${escape(content)}</text>`;
};

/** Size at which a text of this length fits: Inter's bold characters are about 0.6 em wide. */
const fitting = (content: string, size: number, space: number): number =>
  Math.min(size, Math.floor(space / (0.6 * Math.max(1, Array.from(content).length))));

/** A whole picture. */
export function drawingOf({ title, subtitle, facts, chartTitle, chart }: Drawing): string {
  const column = (width - 2 * margin) / Math.max(3, facts.length);
  const brandX = width - margin;
  const parts = [
    `<rect width="${width}" height="${height}" fill="${color.paper}"/>`,
    `<rect width="${width}" height="12" fill="${color.accent}"/>`,
    text(margin, 120, title, { size: fitting(title, 64, width - 2 * margin - 260), isBold: true }),
    text(margin, 164, subtitle, { size: 26, fill: color.soft }),
    `<text x="${brandX}" y="112" font-size="40" font-weight="700" text-anchor="end" fill="${color.ink}">p<tspan fill="${color.warm}">OT</tspan>stats</text>`,
    ...facts.flatMap(({ value, name }, at) => [
      text(margin + at * column, 262, value, { size: fitting(value, 60, column - 20), isBold: true }),
      text(margin + at * column, 300, name, { size: 24, fill: color.soft }),
    ]),
    `<line x1="${margin}" x2="${width - margin}" y1="336" y2="336" stroke="${color.line}" stroke-width="2"/>`,
    text(margin, 380, chartTitle, { size: 24, fill: color.soft }),
    chart,
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="Inter">${parts.join("")}</svg>`;
}

const day_ms = 86_400_000;

/** The days of a year as a heat map, a column per week; shades are quartiles. */
export function calendarOf(year: number, values: ReadonlyMap<string, number>): string {
  const step = (width - 2 * margin) / 54;
  const sorted = [...values.values()].filter((value) => value > 0).toSorted((a, b) => a - b);
  const limits = [0.25, 0.5, 0.75].map((part) => sorted[Math.floor(part * (sorted.length - 1))] ?? 0);
  const shade = (value: number) => (value === 0 ? 0 : 1 + limits.filter((limit) => value > limit).length);
  const start_ms = Date.UTC(year, 0, 1);
  const firstWeekday = (new Date(start_ms).getUTCDay() + 6) % 7;
  const cells: string[] = [];
  for (let at = 0, time_ms = start_ms; time_ms < Date.UTC(year + 1, 0, 1); at++, time_ms += day_ms) {
    const value = values.get(new Date(time_ms).toISOString().slice(0, 10)) ?? 0;
    const x = margin + Math.floor((at + firstWeekday) / 7) * step;
    const y = 408 + ((at + firstWeekday) % 7) * step;
    const side = (step - 3).toFixed(1);
    cells.push(
      `<rect x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${side}" height="${side}" rx="3" fill="${color.heat[shade(value)] ?? ""}"/>`,
    );
  }
  return cells.join("");
}

/** Bars, one per year from the first to the last. */
export function yearBarsOf(years: ReadonlyMap<number, number>, format: (value: number) => string): string {
  const known = [...years.keys()].toSorted((a, b) => a - b);
  const [first = 0, last = 0] = [known[0], known.at(-1)];
  const count = Math.min(60, last - first + 1);
  const step = Math.min(140, (width - 2 * margin) / count);
  const [top, bottom] = [430, 560];
  const most = Math.max(1, ...years.values());
  return Array.from({ length: count }, (_, at) => {
    const year = last - count + 1 + at;
    const value = years.get(year) ?? 0;
    const size = (value / most) * (bottom - top);
    const x = margin + at * step;
    const isLabeled = step > 56 || year % 5 === 0;
    return [
      `<rect x="${x.toFixed(1)}" y="${(bottom - size).toFixed(1)}" width="${(step * 0.82).toFixed(1)}" height="${size.toFixed(1)}" rx="3" fill="${color.accent}"/>`,
      isLabeled ? text(x + step * 0.41, 592, String(year), { size: 20, fill: color.soft, anchor: "middle" }) : "",
      value === most
        ? text(x + step * 0.41, top - 10, format(value), { size: 20, isBold: true, anchor: "middle" })
        : "",
    ].join("");
  }).join("");
}
