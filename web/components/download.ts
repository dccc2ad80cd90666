/** Files made of what a page shows. */
import { language } from "../i18n/index.ts";
import { csv } from "./csv.ts";

function save(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = Object.assign(document.createElement("a"), { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** Saves a table as CSV, as spreadsheets in the reader's language expect it. */
export function saveCsv(name: string, rows: (string | number)[][]): void {
  save(`${name}.csv`, new Blob([csv(rows, language())], { type: "text/csv;charset=utf-8" }));
}

const textOf = (picture: SVGSVGElement) => new XMLSerializer().serializeToString(picture);

/** Saves a picture as SVG, which stays sharp at any size. */
export function saveSvg(name: string, picture: SVGSVGElement): void {
  save(`${name}.svg`, new Blob([textOf(picture)], { type: "image/svg+xml" }));
}

/** Pixels of the file for one of the page: sharp on the screens that are. */
const density = 2;

/** Saves a picture as PNG, which every forum takes. */
export async function savePng(name: string, picture: SVGSVGElement): Promise<void> {
  const image = new Image();
  image.src = `data:image/svg+xml,${encodeURIComponent(textOf(picture))}`;
  await image.decode();
  const [width, height] = [density * image.width, density * image.height];
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  canvas.getContext("2d")?.drawImage(image, 0, 0, width, height);
  canvas.toBlob((png) => png && save(`${name}.png`, png), "image/png");
}
