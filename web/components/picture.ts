/** Charts as pictures that leave the page: what they show stands above them, on the paper of their card. */

const namespace = "http://www.w3.org/2000/svg";
const margin = 24;
const titleSize = 18;
const textSize = 13;
/** From one line of text to the next. */
const leading = 22;

function made(tag: string, attributes: Record<string, string | number>, ...children: (string | Element)[]) {
  const element = document.createElementNS(namespace, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

/** What decides how a chart looks, and may come from the page's styles. */
const looks = ["fill", "stroke", "stroke-width", "font-size", "font-family", "font-weight", "opacity", "text-anchor"];

/** A chart as it looks now, with all that the page's styles say of it written into it. */
function drawn(chart: SVGSVGElement): SVGSVGElement {
  const copy = chart.cloneNode(true) as SVGSVGElement;
  const originals = [chart, ...chart.querySelectorAll("*")];
  for (const [at, element] of [copy, ...copy.querySelectorAll("*")].entries()) {
    const original = originals[at];
    if (!original) continue;
    const style = getComputedStyle(original);
    // Its variables mean nothing away from the page.
    element.removeAttribute("style");
    element.removeAttribute("class");
    for (const property of looks) element.setAttribute(property, style.getPropertyValue(property));
  }
  const { width, height } = chart.viewBox.baseVal;
  copy.setAttribute("width", String(width));
  copy.setAttribute("height", String(height));
  copy.setAttribute("overflow", "visible");
  return copy;
}

/** What a canvas shows; it must have been drawn just now, before anything was awaited. */
function photographed(canvas: HTMLCanvasElement): SVGSVGElement {
  const size = { width: canvas.clientWidth, height: canvas.clientHeight };
  return made("svg", size, made("image", { ...size, href: canvas.toDataURL() })) as SVGSVGElement;
}

/**
 * A chart with its title above it, in the colours of now.
 * @param about a smaller line beneath the title; below it stand the names of the chart's lines, if it has any
 */
export function pictureOf(chart: SVGSVGElement | HTMLCanvasElement, title: string, about: string): SVGSVGElement {
  const drawing = chart instanceof HTMLCanvasElement ? photographed(chart) : drawn(chart);
  const style = getComputedStyle(chart.closest(".card") ?? document.documentElement);
  const [ink, soft] = [style.color, style.getPropertyValue("--ink-soft")];
  const names = [...drawing.querySelectorAll("polyline")].map((line) => ({
    name: line.textContent ?? "",
    colour: line.getAttribute("stroke") ?? "",
  }));
  const lines = [
    { text: title, x: margin, size: titleSize, weight: 600, fill: ink },
    { text: about, x: margin, size: textSize, weight: 400, fill: soft },
    ...names.map(({ name }) => ({ text: name, x: margin + 18, size: textSize, weight: 400, fill: ink })),
  ];
  const pen = document.createElement("canvas").getContext("2d");
  const ends = lines.map(({ text, x, size, weight }) => {
    if (pen) pen.font = `${weight} ${size}px ${style.fontFamily}`;
    return x + (pen?.measureText(text).width ?? 0);
  });
  const baseline = (line: number) => margin + titleSize + line * leading;
  const top = baseline(lines.length - 1) + margin / 2;
  drawing.setAttribute("x", String(margin));
  drawing.setAttribute("y", String(top));
  const width = Math.ceil(Math.max(margin + Number(drawing.getAttribute("width")), ...ends)) + margin;
  const height = Math.ceil(top + Number(drawing.getAttribute("height"))) + margin;
  return made(
    "svg",
    { xmlns: namespace, width, height, "font-family": style.fontFamily },
    made("rect", { width, height, fill: style.backgroundColor }),
    ...lines.map(({ text, x, size, weight, fill }, at) =>
      made("text", { x, y: baseline(at), "font-size": size, "font-weight": weight, fill }, text),
    ),
    ...names.map(({ colour }, at) => made("circle", { cx: margin + 6, cy: baseline(at + 2) - 5, r: 5, fill: colour })),
    drawing,
  ) as SVGSVGElement;
}

/** What the side bar's choice says, in words; "" without one, or where the page does not use it. */
export function chosen(filter: "year" | "bid"): string {
  const choice = document.querySelector<HTMLSelectElement>(`.filters select[name=${filter}]:enabled`);
  return choice?.value ? (choice.selectedOptions[0]?.text ?? "") : "";
}
