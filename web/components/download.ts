/** Files made of what a page shows. */

function save(name: string, type: string, content: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = Object.assign(document.createElement("a"), { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

const field = (value: string | number) => {
  const text = String(value);
  // Spreadsheets take a text that begins so for a formula.
  const safe = typeof value === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

/** Saves a table as CSV; lines end in CR LF. */
export function saveCsv(name: string, rows: (string | number)[][]): void {
  save(`${name}.csv`, "text/csv;charset=utf-8", rows.map((row) => `${row.map(field).join(",")}\r\n`).join(""));
}

const drawn = ["fill", "stroke", "font-size", "font-family", "font-weight", "opacity", "text-anchor"];

/** Saves a drawing as it looks now, colours included. */
export function saveSvg(name: string, svg: SVGSVGElement): void {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const originals = svg.querySelectorAll("*");
  for (const [at, element] of [...copy.querySelectorAll("*")].entries()) {
    const original = originals[at];
    if (!original) continue;
    const style = getComputedStyle(original);
    for (const property of drawn) element.setAttribute(property, style.getPropertyValue(property));
    element.removeAttribute("class");
  }
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("style", `background: ${getComputedStyle(document.documentElement).backgroundColor}`);
  save(`${name}.svg`, "image/svg+xml", new XMLSerializer().serializeToString(copy));
}
