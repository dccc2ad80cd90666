/**
 * Renders charts as pictures to be posted elsewhere: title and caption above the chart, on the background of its card.
 */
import { colorsIn } from "../colors.ts";

const namespace = "http://www.w3.org/2000/svg";
const margin = 24;
const titleSize = 18;
const textSize = 13;
/** Distance between two baselines, in pixels. */
const leading = 22;

function element(tag: string, attributes: Record<string, string | number>, ...children: (string | Element)[]) {
  const made = document.createElementNS(namespace, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  made.append(...children);
  return made;
}

/** So many names of series are below each other. */
const fewNames = 7;

/** Presentation attributes that the page's styles may set. */
const presentation = [
  "fill",
  "stroke",
  "stroke-width",
  "stroke-dasharray",
  "stroke-linejoin",
  "font-size",
  "font-family",
  "font-weight",
  "opacity",
  "text-anchor",
];

/** A copy of a chart that looks the same without the page's styles. */
function inlined(chart: SVGSVGElement): SVGSVGElement {
  const copy = chart.cloneNode(true) as SVGSVGElement;
  const originals = [chart, ...chart.querySelectorAll("*")];
  for (const [at, copied] of [copy, ...copy.querySelectorAll("*")].entries()) {
    const original = originals[at];
    if (!original) continue;
    const style = getComputedStyle(original);
    // Outside the page there are no CSS variables, and links lead nowhere.
    for (const name of ["style", "class", "href", "tabindex"]) copied.removeAttribute(name);
    for (const property of presentation) copied.setAttribute(property, style.getPropertyValue(property));
  }
  // Links and keys work on the page only.
  for (const target of copy.querySelectorAll("[data-mark]")) target.remove();
  const { width, height } = chart.viewBox.baseVal;
  copy.setAttribute("width", String(width));
  copy.setAttribute("height", String(height));
  copy.setAttribute("overflow", "visible");
  return copy;
}

/** The content of a canvas as an image. */
function photographed(canvas: HTMLCanvasElement): SVGSVGElement {
  const size = { width: canvas.clientWidth, height: canvas.clientHeight };
  return element("svg", size, element("image", { ...size, href: canvas.toDataURL() })) as SVGSVGElement;
}

/**
 * Renders a chart below its title, in the current colors, with a legend if it has several lines.
 * @param caption a smaller line below the title
 */
export function pictureOf(chart: SVGSVGElement | HTMLCanvasElement, title: string, caption: string): SVGSVGElement {
  const drawing = chart instanceof HTMLCanvasElement ? photographed(chart) : inlined(chart);
  const card = chart.closest(".card") ?? document.body;
  const style = getComputedStyle(card);
  const ink = style.color;
  const soft = colorsIn(card, ["--ink-soft"]).get("--ink-soft") ?? ink;
  // A line or, if the series are stacked, an area for each series.
  const names = [...drawing.querySelectorAll("polyline, path:has(> title)")].map((shape) => ({
    name: shape.textContent ?? "",
    color: shape.getAttribute(shape.tagName === "polyline" ? "stroke" : "fill") ?? "",
  }));
  const pen = document.createElement("canvas").getContext("2d");
  const widthOf = (text: string, size: number, weight = 400) => {
    if (pen) pen.font = `${weight} ${size}px ${style.fontFamily}`;
    return pen?.measureText(text).width ?? 0;
  };
  // Many names are side by side: below each other they would be higher than the chart.
  const nameWidth = Math.max(0, ...names.map(({ name }) => widthOf(name, textSize))) + 18 + margin;
  const columns =
    names.length <= fewNames ? 1 : Math.max(1, Math.floor(Number(drawing.getAttribute("width")) / nameWidth));
  const placeOf = (at: number) => ({ x: margin + (at % columns) * nameWidth, line: 2 + Math.floor(at / columns) });
  const lines = [
    { text: title, x: margin, line: 0, size: titleSize, weight: 600, fill: ink },
    { text: caption, x: margin, line: 1, size: textSize, weight: 400, fill: soft },
    ...names.map(({ name }, at) => {
      const { x, line } = placeOf(at);
      return { text: name, x: x + 18, line, size: textSize, weight: 400, fill: ink };
    }),
  ];
  const ends = lines.map(({ text, x, size, weight }) => x + widthOf(text, size, weight));
  const baseline = (line: number) => margin + titleSize + line * leading;
  const top = baseline(1 + Math.ceil(names.length / columns)) + margin / 2;
  drawing.setAttribute("x", String(margin));
  drawing.setAttribute("y", String(top));
  const width = Math.ceil(Math.max(margin + Number(drawing.getAttribute("width")), ...ends)) + margin;
  const height = Math.ceil(top + Number(drawing.getAttribute("height"))) + margin;
  return element(
    "svg",
    { xmlns: namespace, width, height, "font-family": style.fontFamily },
    element("rect", { width, height, fill: style.backgroundColor }),
    ...lines.map(({ text, x, line, size, weight, fill }) =>
      element("text", { x, y: baseline(line), "font-size": size, "font-weight": weight, fill }, text),
    ),
    ...names.map(({ color }, at) => {
      const { x, line } = placeOf(at);
      return element("circle", { cx: x + 6, cy: baseline(line) - 5, r: 5, fill: color });
    }),
    drawing,
  ) as SVGSVGElement;
}
