/** A user's badge for signatures, as SVG: pure, from numbers to shapes. */
import { escape, plain } from "../preview/texts.ts";

export interface Badge {
  name: string;
  facts: string[];
  theme: "light" | "dark";
}

const height = 22;
const fontSize = 11;
const padding = 8;

const colors = {
  light: {
    left: "#1b2430",
    leftText: "#ffffff",
    right: "#f5f4f0",
    rightText: "#1b2430",
    line: "#c9c4b8",
    warm: "#f0a070",
  },
  dark: {
    left: "#0f151d",
    leftText: "#f5f4f0",
    right: "#243140",
    rightText: "#f0ede4",
    line: "#3c4a5a",
    warm: "#f0a070",
  },
};

/** Names are cut: a signature is narrow. */
const maxName = 32;

/** Widths in Verdana, in thousandths of the font size, of characters that differ from most others. */
const widths: [RegExp, number][] = [
  [/[.,:;'!|ijlIf()[\]·]/u, 380],
  [/[mwMW@%œŒæÆ]/u, 950],
  [/[A-ZÄÖÜ0-9]/u, 650],
  [/\p{Extended_Pictographic}|[\u1100-\u{ffff}]/u, 1100],
];
const widthOf = (text: string): number =>
  (fontSize / 1000) *
  Array.from(text).reduce((sum, character) => sum + (widths.find(([kind]) => kind.test(character))?.[1] ?? 595), 0);

/** `textLength` makes a text as wide as its box, whatever font there is. */
function label(x: number, content: string, width: number, fill: string, isBold = false): string {
  const weight = isBold ? ' font-weight="700"' : "";
  return `<text x="${x.toFixed(1)}" y="15" textLength="${width.toFixed(1)}" lengthAdjust="spacingAndGlyphs" fill="${fill}"${weight}>${escape(content)}</text>`;
}

export function badgeOf({ name, facts, theme }: Badge): string {
  const color = colors[theme];
  const brand = "pOTstats";
  const left = plain(name, maxName) || "?";
  const right = facts.join(" · ");
  const [brandWidth, leftWidth, rightWidth] = [1.06 * widthOf(brand), 1.06 * widthOf(left), widthOf(right)];
  const split = 3 * padding + brandWidth + leftWidth;
  const width = split + 2 * padding + rightWidth;
  const title = `${left}: ${right}`;
  const brandText = `<text x="${padding}" y="15" textLength="${brandWidth.toFixed(1)}" lengthAdjust="spacingAndGlyphs" fill="${color.leftText}">p<tspan fill="${color.warm}">OT</tspan>stats</text>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width.toFixed(1)}" height="${height}" role="img" aria-label="${escape(title)}">`,
    `<title>${escape(title)}</title>`,
    `<clipPath id="round"><rect width="${width.toFixed(1)}" height="${height}" rx="4"/></clipPath>`,
    `<g clip-path="url(#round)">`,
    `<rect width="${split.toFixed(1)}" height="${height}" fill="${color.left}"/>`,
    `<rect x="${split.toFixed(1)}" width="${(width - split).toFixed(1)}" height="${height}" fill="${color.right}"/></g>`,
    `<rect x="0.5" y="0.5" width="${(width - 1).toFixed(1)}" height="${height - 1}" rx="3.5" fill="none" stroke="${color.line}"/>`,
    `<g font-family="Verdana, DejaVu Sans, Geneva, sans-serif" font-size="${fontSize}">`,
    brandText,
    label(2 * padding + brandWidth, left, leftWidth, color.leftText, true),
    label(split + padding, right, rightWidth, color.rightText),
    `</g></svg>`,
  ].join("");
}
