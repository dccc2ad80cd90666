/** A card as a picture to post elsewhere: 1200 × 630 pixels, light or dark. */
import { colorsIn } from "../../colors.ts";
import type { RecapCard } from "./cards.ts";
import type { Color, Shape } from "./figures.ts";
import { text } from "./texts.ts";
import { fittingLines, linesOf, type TextWidth } from "./wrap.ts";

const size = { width: 1200, height: 630 } as const;
const margin = 64;
const space = size.width - 2 * margin;
const namespace = "http://www.w3.org/2000/svg";

export const themes = ["light", "dark"] as const;
export type Theme = (typeof themes)[number];

const variables = [
  "paper",
  "ink",
  "ink-soft",
  "line",
  "accent",
  "accent-soft",
  "warm",
  "heat-0",
  "heat-1",
  "heat-2",
  "heat-3",
  "heat-4",
] as const satisfies readonly (Color | "paper" | "ink")[];

/** The page's colors in a theme, whichever the page has. */
function paletteOf(theme: Theme): (name: (typeof variables)[number]) => string {
  const { dataset } = document.documentElement;
  const shown = dataset["theme"];
  // Variables are resolved where they are declared: at the root. Nothing is painted meanwhile.
  dataset["theme"] = theme;
  const colors = colorsIn(
    document.body,
    variables.map((name) => `--${name}`),
  );
  if (shown === undefined) delete dataset["theme"];
  else dataset["theme"] = shown;
  return (name) => colors.get(`--${name}`) ?? "";
}

function element(tag: string, attributes: Record<string, string | number>, ...children: (string | Element)[]) {
  const made = document.createElementNS(namespace, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  made.append(...children);
  return made;
}

/** Measures text in the page's font. */
function measure(family: string): TextWidth {
  const pen = document.createElement("canvas").getContext("2d");
  return (content, fontSize, weight) => {
    if (!pen) return content.length * fontSize;
    pen.font = `${weight} ${fontSize}px ${family}`;
    return pen.measureText(content).width;
  };
}

/** What the parts of a picture are made with. */
interface Pen {
  color: (name: Color | "paper" | "ink") => string;
  widthOf: TextWidth;
  text: (
    content: string,
    x: number,
    y: number,
    style: { size: number; color: Color | "ink"; weight?: number; anchor?: string },
  ) => Element;
  fit: (content: string, box: Parameters<typeof fittingLines>[1]) => ReturnType<typeof fittingLines>;
}

function penOf(theme: Theme, family: string): Pen {
  const color = paletteOf(theme);
  const widthOf = measure(family);
  return {
    color,
    widthOf,
    text: (content, x, y, { size: fontSize, color: fill, weight = 400, anchor = "start" }) =>
      element(
        "text",
        { x, y, "font-size": fontSize, "font-weight": weight, "text-anchor": anchor, fill: color(fill) },
        content,
      ),
    fit: (content, box) => fittingLines(content, box, widthOf),
  };
}

/** A picture's frame: the title, whose year it is, and where the picture comes from. */
function frame(pen: Pen, title: string, caption: string): Element[] {
  const head = pen.fit(title, { sizes: [38, 32, 26], weight: 600, width: space - 220, lines: 1 });
  const foot = pen.fit(caption, { sizes: [26, 22, 18, 15], weight: 400, width: space, lines: 1 });
  const brand = pen.text("p", size.width - margin, 96, { size: 34, color: "ink", weight: 700, anchor: "end" });
  brand.append(element("tspan", { fill: pen.color("warm") }, "OT"), "stats");
  return [
    element("rect", { width: size.width, height: size.height, fill: pen.color("paper") }),
    element("rect", { width: size.width, height: 12, fill: pen.color("accent") }),
    ...head.lines.map((line) => pen.text(line, margin, 96, { size: head.size, color: "accent", weight: 600 })),
    brand,
    ...foot.lines.map((line) => pen.text(line, margin, size.height - 30, { size: foot.size, color: "ink-soft" })),
  ];
}

/** The large text with its unit beside or below it. */
function statement(pen: Pen, { value: { text: value }, unit, facts }: RecapCard, width: number) {
  const sizes = facts ? [104, 88, 72, 56, 44] : [132, 112, 92, 76, 62, 52, 44];
  const found = pen.fit(value, { sizes, weight: 700, width, lines: 2 });
  const last = found.lines.at(-1) ?? "";
  const unitX = pen.widthOf(last, found.size, 700) + 24;
  const isBeside = found.lines.length === 1 && unitX + pen.widthOf(unit, 44, 400) <= width;
  const parts = found.lines.map((line, at) =>
    pen.text(line, margin, 96 + found.size * (1.15 + at * 1.08), { size: found.size, color: "ink", weight: 700 }),
  );
  const baseline = 96 + found.size * (1.15 + (found.lines.length - 1) * 1.08);
  if (isBeside) {
    parts.push(pen.text(unit, margin + unitX, baseline, { size: 44, color: "ink-soft" }));
    return { parts, bottom: baseline };
  }
  const below = pen.fit(unit, { sizes: [40, 32, 26], weight: 400, width, lines: 1 });
  parts.push(pen.text(unit, margin, baseline + 56, { size: below.size, color: "ink-soft" }));
  return { parts, bottom: baseline + 56 };
}

/** Sentences from one height to another, as large as fits. */
function sentences(pen: Pen, { lines }: RecapCard, width: number, top: number, end: number) {
  const contents = lines.map((parts) => parts.map((part) => part.text).join(""));
  const leading = 1.35;
  const candidates = [38, 34, 30, 26, 22, 19, 16].map((fontSize) => ({
    fontSize,
    broken: contents.flatMap((content) => linesOf(content, width, (line) => pen.widthOf(line, fontSize, 400))),
  }));
  const fits = ({ fontSize, broken }: (typeof candidates)[number]) =>
    top + (broken.length + 0.25) * fontSize * leading <= end;
  const chosen = candidates.find(fits) ?? candidates.at(-1);
  if (!chosen || contents.length === 0) return { parts: [], bottom: top };
  const step = chosen.fontSize * leading;
  const parts = chosen.broken.map((line, at) =>
    pen.text(line, margin, top + (at + 1.15) * step, { size: chosen.fontSize, color: "ink" }),
  );
  return { parts, bottom: top + (chosen.broken.length + 0.25) * step };
}

const factsHeight = 120;

/** Smaller numbers side by side. */
function factRow(pen: Pen, facts: NonNullable<RecapCard["facts"]>, top: number): Element[] {
  const column = space / Math.max(1, facts.length);
  const fitting = (content: string, fontSize: number) =>
    Math.min(fontSize, (fontSize * (column - 16)) / Math.max(1, pen.widthOf(content, fontSize, 700)));
  return facts.flatMap(({ name, value, before }, at) => {
    const x = margin + at * column;
    return [
      pen.text(value, x, top + 40, { size: fitting(value, 40), color: "ink", weight: 700 }),
      pen.text(name, x, top + 72, { size: fitting(name, 24), color: "ink-soft" }),
      pen.text(before, x, top + 102, { size: fitting(before, 22), color: "ink-soft" }),
    ];
  });
}

const clockSize = 280;

/**
 * Draws a card.
 * @param subject the year, and whose it is: "2017 · Käseritter"
 * @param forum where the posts are
 */
export function pictureOf(card: RecapCard, subject: string, forum: string, theme: Theme): SVGSVGElement {
  const family = getComputedStyle(document.body).fontFamily;
  const pen = penOf(theme, family);
  // A clock stands beside the text, other figures below it.
  const isBeside = card.name === "favourite_hour";
  const width = isBeside ? space - clockSize - 40 : space;
  const figure = card.draw?.(isBeside ? clockSize : space, 22);
  const bottom = size.height - 82;
  const figureTop = isBeside ? 170 : bottom - (figure?.height ?? 0);
  const facts = card.facts ?? [];
  const end = (figure && !isBeside ? figureTop - 16 : bottom) - (facts.length > 0 ? factsHeight : 0);
  const value = statement(pen, card, width);
  const lines = sentences(pen, card, width, value.bottom, end);
  // Without a figure the text stands in the middle.
  const shift = figure ? 0 : Math.max(0, (bottom - lines.bottom) / 2.4);
  const children = [
    ...frame(pen, text().titles[card.name], `${forum} · ${subject}`),
    element("g", { transform: `translate(0 ${shift})` }, ...value.parts, ...lines.parts),
    ...factRow(pen, facts, end),
  ];
  if (figure) {
    const x = isBeside ? size.width - margin - clockSize : margin;
    const shapes = figure.shapes.map((shape) => drawn(shape, pen));
    children.push(element("g", { transform: `translate(${x} ${figureTop})` }, ...shapes));
  }
  return element("svg", { xmlns: namespace, ...size, "font-family": family }, ...children) as SVGSVGElement;
}

function drawn(shape: Shape, pen: Pen): Element {
  if (shape.kind === "path") return element("path", { d: shape.d, fill: pen.color(shape.color) });
  if (shape.kind === "rect") {
    const { x, y, width, height } = shape;
    return element("rect", { x, y, width, height, rx: Math.min(4, width / 5), fill: pen.color(shape.color) });
  }
  return pen.text(shape.text, shape.x, shape.y, { size: 22, color: "ink-soft", anchor: shape.anchor });
}
