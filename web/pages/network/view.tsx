import { createEffect, createMemo, createSignal, on, onCleanup, onMount } from "solid-js";
import { zoomIdentity } from "d3-zoom";
import { texts } from "../../i18n/index.ts";
import { theme } from "../../theme.ts";
import { fit, personAt } from "./fit.ts";
import type { Layout } from "./layout.ts";
import { type Network, partnersOf, type Tie } from "./network.ts";
import { type PanZoom, panZoom } from "./pan-zoom.ts";
import { draw, type Focus, type Scene, type Spot, type Style, styleOf } from "./picture.ts";

const text = texts({
  de: {
    role: "Netz",
    closer: "Vergrößern",
    further: "Verkleinern",
    all: "Alles zeigen",
  },
  en: {
    role: "network",
    closer: "Zoom in",
    further: "Zoom out",
    all: "Show everything",
  },
});

const zoomStep = 1.5;
/** How far from a person a click or a tap may be, in pixels. */
const reach = { mouse: 8, touch: 22 };

export interface ViewProps {
  /** Says what the picture shows. */
  label: string;
  /** Id of the hints. */
  describedBy: string;
  network: Network;
  /** Undefined until it is computed; the former picture stays until then. */
  layout: Layout | undefined;
  /** What is shown. */
  ties: readonly Tie[];
  people: readonly number[];
  /** The selected person. */
  selected: number | undefined;
  /** Members of the selected circle. */
  circle: readonly number[] | undefined;
  select: (at: number | undefined) => void;
  /** Handles a key. @returns whether it did */
  press: (key: string) => boolean;
  /** Called with the canvas once it can be saved. */
  ready: (canvas: HTMLCanvasElement) => void;
}

/** Calls a function when the colors of the page change. */
function useColorChange(changed: () => void): void {
  const queries = ["(prefers-color-scheme: dark)", "(forced-colors: active)"].map((query) => matchMedia(query));
  onMount(() => queries.forEach((query) => query.addEventListener("change", changed)));
  onCleanup(() => queries.forEach((query) => query.removeEventListener("change", changed)));
  createEffect(on(theme, changed, { defer: true }));
}

/** The size of an element, in pixels. */
function useSize(element: () => HTMLElement | undefined): () => { width: number; height: number } {
  const [size, setSize] = createSignal({ width: 0, height: 0 });
  createEffect(() => {
    const measured = element();
    if (!measured) return;
    const observer = new ResizeObserver(() => setSize({ width: measured.clientWidth, height: measured.clientHeight }));
    observer.observe(measured);
    onCleanup(() => observer.disconnect());
  });
  return size;
}

/** The persons on the canvas, moved and zoomed by the reader; and those in focus. */
function useSpots(props: ViewProps, size: () => { width: number; height: number }) {
  const [transform, setTransform] = createSignal(zoomIdentity);
  const [hovered, setHovered] = createSignal<number>();
  const fitted = createMemo(() => (props.layout ? fit(props.network, props.layout, props.people, size()) : []));
  const spots = createMemo((): Spot[] => {
    const { x, y, k } = transform();
    return fitted().map((spot) => ({
      ...spot,
      x: spot.x * k + x,
      y: spot.y * k + y,
      radius: spot.radius * Math.sqrt(k),
    }));
  });
  const focus = createMemo((): Focus | undefined => {
    const person = hovered() ?? props.selected;
    if (person !== undefined) {
      return { person, near: new Set([person, ...partnersOf(props.ties, person).map(({ at }) => at)]) };
    }
    return props.circle && { person: undefined, near: new Set(props.circle) };
  });
  return { fitted, spots, focus, hovered, setHovered, setTransform };
}

/** Lets the reader move and zoom the picture, and shows all of it again when the selection is cleared. */
function useMovement(
  props: ViewProps,
  frame: () => HTMLElement | undefined,
  size: () => { width: number; height: number },
  { fitted, spots, setTransform }: ReturnType<typeof useSpots>,
): () => PanZoom | undefined {
  let movement: PanZoom | undefined;
  onMount(() => {
    const element = frame();
    if (element) movement = panZoom(element, setTransform);
  });
  onCleanup(() => movement?.stop());
  createEffect(on([() => props.network, size], () => movement?.reset(), { defer: true }));
  const follow = (selected: number | undefined) => {
    if (selected === undefined) return movement?.reset();
    const [spot, place] = [spots(), fitted()].map((list) => list.find(({ at }) => at === selected));
    const { width, height } = size();
    const isOutside = spot && (spot.x < 0 || spot.y < 0 || spot.x > width || spot.y > height);
    if (isOutside && place) movement?.center(place.x, place.y);
  };
  createEffect(on(() => props.selected, follow, { defer: true }));
  return () => movement;
}

/** Draws a scene in the next frame: several changes before it are drawn once. */
function useDrawing(
  props: ViewProps,
  canvas: () => HTMLCanvasElement | undefined,
  scene: () => Scene,
  style: () => Style | undefined,
): void {
  let next = 0;
  createEffect(() => {
    const [target, drawn, now] = [canvas(), scene(), style()];
    cancelAnimationFrame(next);
    if (!target || !now || !props.layout) return;
    next = requestAnimationFrame(() => {
      draw(target, drawn, now);
      props.ready(target);
    });
  });
  onCleanup(() => cancelAnimationFrame(next));
}

/** The persons and their ties as a picture that can be moved, zoomed and walked through by keyboard. */
export default function NetworkView(props: ViewProps) {
  const [frame, setFrame] = createSignal<HTMLElement>();
  const [canvas, setCanvas] = createSignal<HTMLCanvasElement>();
  const size = useSize(frame);
  const view = useSpots(props, size);
  const movement = useMovement(props, frame, size, view);
  const [colors, setColors] = createSignal(0);
  useColorChange(() => setColors((times) => times + 1));
  const style = createMemo(() => {
    colors();
    const element = frame();
    // Only an element of the document has a style, and only then a size.
    return element && size().width > 0 ? styleOf(element) : undefined;
  });
  const scene = () => {
    const { people } = props.network;
    return { people, spots: view.spots(), ties: props.ties, focus: view.focus(), ...size() };
  };
  useDrawing(props, canvas, scene, style);

  const at = (event: MouseEvent) => {
    const { left = 0, top = 0 } = canvas()?.getBoundingClientRect() ?? {};
    const isTouch = event instanceof PointerEvent && event.pointerType !== "mouse";
    const point = { x: event.clientX - left, y: event.clientY - top };
    return personAt(view.spots(), point, isTouch ? reach.touch : reach.mouse);
  };
  const press = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "+") movement()?.zoomBy(zoomStep);
    else if (event.key === "-") movement()?.zoomBy(1 / zoomStep);
    else if (event.key === "0") movement()?.reset();
    else if (!props.press(event.key)) return;
    event.preventDefault();
  };
  return (
    <div>
      <div
        class="network"
        ref={setFrame}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- an application takes keys
        tabindex="0"
        role="application"
        aria-roledescription={text().role}
        aria-label={props.label}
        aria-describedby={props.describedBy}
        classList={{ "has-hovered": view.hovered() !== undefined, stale: !props.layout }}
        onPointerMove={(event) => event.pointerType === "mouse" && view.setHovered(at(event))}
        onPointerLeave={() => view.setHovered(undefined)}
        onClick={(event) => props.select(at(event))}
        onKeyDown={press}
      >
        <canvas ref={setCanvas} />
      </div>
      <ZoomButtons movement={movement} />
    </div>
  );
}

const ZoomButtons = (props: { movement: () => PanZoom | undefined }) => (
  <div class="network-zoom">
    <button type="button" class="button" aria-label={text().closer} onClick={() => props.movement()?.zoomBy(zoomStep)}>
      +
    </button>
    <button
      type="button"
      class="button"
      aria-label={text().further}
      onClick={() => props.movement()?.zoomBy(1 / zoomStep)}
    >
      −
    </button>
    <button type="button" class="button" aria-label={text().all} onClick={() => props.movement()?.reset()}>
      ⤢
    </button>
  </div>
);
