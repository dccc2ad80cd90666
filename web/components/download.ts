/** Saves tables and charts as files. */
import { type Cell, spreadsheet, writeCsv } from "@potstats/csv/write";
import { language } from "../i18n/index.ts";

function save(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = Object.assign(document.createElement("a"), { href: url, download: name });
  link.click();
  // The browser must have started the download before the URL is revoked.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** Saves a table, including its header row, in the format of spreadsheets in the reader's language. */
export function saveCsv(name: string, rows: Cell[][]): void {
  const csv = writeCsv(rows, spreadsheet(language()));
  save(`${name}.csv`, new Blob([csv], { type: "text/csv;charset=utf-8" }));
}

const textOf = (picture: SVGSVGElement) => new XMLSerializer().serializeToString(picture);

/** Saves a picture as SVG, which is sharp at any size. */
export function saveSvg(name: string, picture: SVGSVGElement): void {
  save(`${name}.svg`, new Blob([textOf(picture)], { type: "image/svg+xml" }));
}

/** Pixels of the file per CSS pixel, so that pictures are sharp on dense screens. */
const density = 2;

/**
 * Saves a picture as PNG, which every forum accepts.
 * @param pixels of the file per pixel of the picture
 */
export async function savePng(name: string, picture: SVGSVGElement, pixels = density): Promise<void> {
  const image = new Image();
  image.src = `data:image/svg+xml,${encodeURIComponent(textOf(picture))}`;
  await image.decode();
  const [width, height] = [pixels * image.width, pixels * image.height];
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  canvas.getContext("2d")?.drawImage(image, 0, 0, width, height);
  canvas.toBlob((png) => png && save(`${name}.png`, png), "image/png");
}
