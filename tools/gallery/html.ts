/** The gallery as one HTML page, with controls that filter by page, width, theme and language. */
import type { Shot } from "./take.ts";

const escapes: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escape = (text: string): string => text.replaceAll(/[&<>"]/g, (character) => escapes[character] ?? "");

const style = `
:root { color-scheme: light dark; font: 15px/1.4 system-ui, sans-serif; --thumb: 16rem; }
body { margin: 0; }
form { position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; align-items: center;
  padding: .6rem 1rem; background: Canvas; border-bottom: 1px solid color-mix(in srgb, CanvasText 20%, Canvas); }
fieldset { display: flex; gap: .75rem; border: 0; margin: 0; padding: 0; }
legend { float: left; margin-right: .75rem; font-weight: 600; }
section { padding: .75rem 1rem 1.25rem; }
h2 { font-size: 1rem; margin: 0 0 .6rem; }
h2 code { font-weight: 400; opacity: .7; }
div { display: flex; flex-wrap: wrap; gap: .75rem; align-items: flex-start; }
figure { margin: 0; width: var(--thumb); }
img { display: block; width: 100%; height: calc(1.25 * var(--thumb)); object-fit: cover; object-position: top;
  border: 1px solid color-mix(in srgb, CanvasText 25%, Canvas); border-radius: 4px; box-sizing: border-box; }
figcaption { font-size: .8rem; opacity: .75; }
[hidden] { display: none; }
`;

const script = `
const form = document.forms[0];
const chosen = (name) => new FormData(form).getAll(name);
const stored = new URLSearchParams(location.hash.slice(1));
for (const control of form.elements) {
  if (!stored.size || !control.name) continue;
  if (control.type === "checkbox") control.checked = stored.getAll(control.name).includes(control.value);
  else if (stored.has(control.name)) control.value = stored.get(control.name);
}
function filter() {
  const [page] = chosen("page");
  document.documentElement.style.setProperty("--thumb", chosen("size")[0] + "rem");
  for (const figure of document.querySelectorAll("figure"))
    figure.hidden = ["width", "theme", "language"].some((name) => !chosen(name).includes(figure.dataset[name]));
  for (const section of document.querySelectorAll("section"))
    section.hidden = (page !== "" && section.dataset.page !== page) || !section.querySelector("figure:not([hidden])");
  history.replaceState(null, "", "#" + new URLSearchParams(new FormData(form)));
}
form.addEventListener("input", filter);
filter();
`;

const distinct = <Value>(values: readonly Value[]): Value[] => [...new Set(values)];

const checkboxes = (label: string, name: string, values: readonly (string | number)[]) =>
  `<fieldset><legend>${label}</legend>${values
    .map((value) => `<label><input type="checkbox" name="${name}" value="${value}" checked> ${value}</label>`)
    .join("")}</fieldset>`;

/** The first choice is the default. */
const select = (label: string, name: string, choices: readonly [value: string, text: string][]) =>
  `<label><b>${label}</b> <select name="${name}" autocomplete="off">${choices
    .map(([value, text]) => `<option value="${escape(value)}">${escape(text)}</option>`)
    .join("")}</select></label>`;

function figure({ page, state, width, theme, language, file }: Shot): string {
  const caption = `${width} px, ${theme}, ${language}`;
  return `<figure data-width="${width}" data-theme="${theme}" data-language="${language}">
<a href="${escape(file)}"><img src="${escape(file)}" alt="${escape(`${page} ${state}`.trim())}, ${caption}" loading="lazy"></a>
<figcaption>${caption}</figcaption></figure>`;
}

/** @param shots those of a view stand together */
export function galleryHtml(shots: readonly Shot[]): string {
  const sections = [...Map.groupBy(shots, ({ page, state }) => `${page} ${state}`).values()].map((group) => {
    const { page = "", state = "", address = "" } = group[0] ?? {};
    const heading = state === "" ? page : `${page}: ${state}`;
    return `<section data-page="${escape(page)}"><h2>${escape(heading)} <code>${escape(address)}</code></h2>
<div>${group.map(figure).join("\n")}</div></section>`;
  });
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>pOTstats: all pages</title>
<style>${style}</style>
<form>
${select("Page", "page", [["", "all"], ...distinct(shots.map(({ page }) => page)).map((page): [string, string] => [page, page])])}
${checkboxes("Width", "width", distinct(shots.map(({ width }) => width)))}
${checkboxes("Theme", "theme", distinct(shots.map(({ theme }) => theme)))}
${checkboxes("Language", "language", distinct(shots.map(({ language }) => language)))}
${select("Size", "size", [
  ["16", "medium"],
  ["10", "small"],
  ["30", "large"],
])}
</form>
${sections.join("\n")}
<script>${script}</script>
</html>
`;
}
