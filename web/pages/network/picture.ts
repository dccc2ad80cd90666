/** Draws a network on a canvas: 2D, because software WebGL blocks a machine without a graphics card for seconds. */
import { colorsIn } from "../../colors.ts";
import { placeLabels } from "./labels.ts";
import type { Person, Tie } from "./network.ts";
import { colorOf, shapes } from "./shapes.ts";

/** A person on the canvas, in CSS pixels. */
export interface Spot {
  at: number;
  x: number;
  y: number;
  radius: number;
  rank: number;
}

/** What is emphasized. Everything else is faded. */
export interface Focus {
  /** Whose ties are drawn as arrows. */
  person: number | undefined;
  near: ReadonlySet<number>;
}

export interface Scene {
  people: readonly Person[];
  /** Persons that are shown, most posts first. */
  spots: readonly Spot[];
  /** Strongest first. */
  ties: readonly Tie[];
  focus: Focus | undefined;
  width: number;
  height: number;
}

/** Colors and font of the page, resolved from CSS variables. */
export interface Style {
  color: (variable: string) => string;
  font: string;
  fontSize: number;
}

/** Reads the style of an element. */
export function styleOf(element: HTMLElement): Style {
  const names = ["--ink", "--ink-soft", "--network-paper", "--network-out", "--network-in"];
  const colors = colorsIn(element, [...names, ...shapes.map((_, rank) => colorOf(rank))]);
  const fontSize = 0.78 * Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  return { color: (variable) => colors.get(variable) ?? "", font: getComputedStyle(element).fontFamily, fontSize };
}

const outlines = shapes.map((shape) => new Path2D(shape));

type Pen = CanvasRenderingContext2D;

const faded = 0.3;

/** A number from 0 to 1: the square root of a count, relative to the strongest tie. */
function strengthOf(ties: readonly Tie[]): (count: number) => number {
  const strongest = Math.max(1, ...ties.map(({ count }) => count));
  return (count) => Math.sqrt(count / strongest);
}

/**
 * Rare ties are thin and faint. Each is a stroke of its own: one path of 1,300 lines takes three times as long to
 * rasterize without a graphics card (31 ms instead of 12).
 */
function drawTies(pen: Pen, { ties, focus }: Scene, spots: readonly (Spot | undefined)[], style: Style): void {
  const strength = strengthOf(ties);
  pen.strokeStyle = style.color("--ink-soft");
  for (const { from, to, count } of ties) {
    const [a, b] = [spots[from], spots[to]];
    if (!a || !b || a === b) continue;
    const share = strength(count);
    pen.globalAlpha = (0.1 + 0.5 * share) * (focus ? faded : 1);
    pen.lineWidth = 0.6 + 3 * share;
    pen.beginPath();
    pen.moveTo(a.x, a.y);
    pen.lineTo(b.x, b.y);
    pen.stroke();
  }
  pen.globalAlpha = 1;
}

/** An arrow with its head at the rim of the second person. Those in both directions bend to different sides. */
function drawArrow(pen: Pen, a: Spot, b: Spot, width: number): void {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const bend = { x: (a.x + b.x) / 2 + dy * 0.12, y: (a.y + b.y) / 2 - dx * 0.12 };
  const angle = Math.atan2(b.y - bend.y, b.x - bend.x);
  const distance = b.radius + 3;
  const tip = { x: b.x - distance * Math.cos(angle), y: b.y - distance * Math.sin(angle) };
  pen.lineWidth = width;
  pen.beginPath();
  pen.moveTo(a.x, a.y);
  pen.quadraticCurveTo(bend.x, bend.y, tip.x, tip.y);
  pen.stroke();
  const size = 4 + 1.5 * width;
  pen.beginPath();
  pen.moveTo(tip.x, tip.y);
  for (const side of [-0.45, 0.45])
    pen.lineTo(tip.x - size * Math.cos(angle + side), tip.y - size * Math.sin(angle + side));
  pen.fill();
}

/** The ties of the focused person as arrows; else those among the people in focus as lines. */
function drawNearTies(pen: Pen, scene: Scene, spots: readonly (Spot | undefined)[], style: Style): void {
  const { focus, ties } = scene;
  if (!focus) return;
  const strength = strengthOf(ties);
  for (const { from, to, count } of ties) {
    const [a, b] = [spots[from], spots[to]];
    if (!a || !b || a === b) continue;
    const width = 0.8 + 3 * strength(count);
    if (focus.person === undefined) {
      if (!focus.near.has(from) || !focus.near.has(to)) continue;
      pen.strokeStyle = style.color("--ink-soft");
      pen.lineWidth = width;
      pen.globalAlpha = 0.5;
      pen.beginPath();
      pen.moveTo(a.x, a.y);
      pen.lineTo(b.x, b.y);
      pen.stroke();
      continue;
    }
    if (from !== focus.person && to !== focus.person) continue;
    pen.globalAlpha = 0.9;
    pen.strokeStyle = pen.fillStyle = style.color(from === focus.person ? "--network-out" : "--network-in");
    drawArrow(pen, a, b, width);
  }
  pen.globalAlpha = 1;
}

function drawPeople(pen: Pen, { spots, focus }: Scene, style: Style): void {
  // The most active are drawn last, above the others.
  for (const { at, x, y, radius, rank } of spots.toReversed()) {
    const outline = outlines[rank];
    if (!outline) continue;
    pen.save();
    pen.globalAlpha = !focus || focus.near.has(at) ? 1 : faded;
    pen.translate(x, y);
    pen.scale(radius, radius);
    pen.fillStyle = style.color(colorOf(rank));
    pen.strokeStyle = style.color(at === focus?.person ? "--ink" : "--network-paper");
    pen.lineWidth = (at === focus?.person ? 5 : 2.5) / radius;
    pen.stroke(outline);
    pen.fill(outline);
    pen.restore();
  }
}

const maxName = 24;
const short = (name: string) => (name.length > maxName ? `${name.slice(0, maxName - 1)}…` : name);

function drawNames(pen: Pen, scene: Scene, style: Style): void {
  const { spots, focus, people, width, height } = scene;
  pen.font = `500 ${style.fontSize}px ${style.font}`;
  const first = spots.filter(({ at }) => at === focus?.person);
  const others = spots.filter(({ at }) => at !== focus?.person && (!focus || focus.near.has(at)));
  // Beyond this number there is no room left; measuring more names would only take time.
  const named = [...first, ...others].slice(0, Math.ceil((width * height) / 8000));
  const labels = named.map(({ at, x, y, radius }) => {
    const name = short(people[at]?.name ?? "");
    return { name, x, y, radius, width: pen.measureText(name).width };
  });
  const places = placeLabels(labels, style.fontSize * 1.3, { width, height });
  pen.textBaseline = "middle";
  pen.lineJoin = "round";
  pen.lineWidth = 3;
  pen.strokeStyle = style.color("--network-paper");
  pen.fillStyle = style.color("--ink");
  for (const [index, { name }] of labels.entries()) {
    const place = places[index];
    if (!place) continue;
    pen.strokeText(name, place.x, place.y);
    pen.fillText(name, place.x, place.y);
  }
}

/** Draws the scene on the whole canvas, sharp on dense screens. */
export function draw(canvas: HTMLCanvasElement, scene: Scene, style: Style): void {
  const density = Math.min(2, devicePixelRatio);
  const [width, height] = [Math.round(scene.width * density), Math.round(scene.height * density)];
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const pen = canvas.getContext("2d");
  if (!pen) return;
  const spots: (Spot | undefined)[] = [];
  for (const spot of scene.spots) spots[spot.at] = spot;
  pen.setTransform(density, 0, 0, density, 0, 0);
  pen.clearRect(0, 0, scene.width, scene.height);
  drawTies(pen, scene, spots, style);
  drawNearTies(pen, scene, spots, style);
  drawPeople(pen, scene, style);
  drawNames(pen, scene, style);
}
