import { createEffect, createMemo, createSignal, createUniqueId, For, on, onCleanup, onMount, Show } from "solid-js";
import { plural } from "../../i18n/formats.ts";
import { number, texts } from "../../i18n/index.ts";
import { displayName } from "../../display-name.ts";
import { theme } from "../../theme.ts";
import { canDraw, type Drawing, drawNetwork } from "./drawing.ts";
import type { Quotes } from "./graph.ts";

const text = texts({
  de: {
    find: "Nutzer finden:",
    from: (count: number) => plural(count, "mindestens einmal", `mindestens ${number(count)}-mal`),
    cannotDraw: "Dieser Browser kann das Netz nicht zeichnen (WebGL fehlt). Die Zahlen stehen in der Tabelle.",
  },
  en: {
    find: "Find a user:",
    from: (count) => plural(count, "at least once", `at least ${number(count)} times`),
    cannotDraw: "This browser cannot draw the network (it has no WebGL). The table has the numbers.",
  },
});

/** Whether the page is dark, by the reader's choice or the system's. */
function useDark(): () => boolean {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const [isSystemDark, setSystemDark] = createSignal(system.matches);
  const update = () => setSystemDark(system.matches);
  onMount(() => system.addEventListener("change", update));
  onCleanup(() => system.removeEventListener("change", update));
  return () => (theme() === "system" ? isSystemDark() : theme() === "dark");
}

/**
 * Users as nodes, and quotes as arrows. A slider hides rare quotes, and an input finds a user. The table below has the
 * same numbers.
 */
export default function NetworkView(props: {
  label: string;
  edges: readonly Quotes[];
  /** Posts by uid. */
  postCounts: ReadonlyMap<number, number>;
  /** Threshold and user in the URL; 0 if missing. */
  from: number;
  uid: number;
  /** Writes them into the URL. */
  keep: (next: { from: number } | { uid: number | "" }) => void;
  open: (uid: number) => void;
  /** Called with the canvas and the text of the threshold. */
  save: (canvas: HTMLCanvasElement, from: string) => void;
}) {
  const [container, setContainer] = createSignal<HTMLElement>();
  const [drawing, setDrawing] = createSignal<Drawing>();
  const [dragged, setDragged] = createSignal<number>();
  const isDark = useDark();
  const counts = createMemo(() => [...new Set(props.edges.map(({ count }) => count))].toSorted((a, b) => a - b));
  /** The threshold: the smallest count in the selection that is not below the one in the URL. */
  const from = () => counts().find((count) => count >= (dragged() ?? props.from)) ?? counts().at(-1) ?? 1;
  const fromText = () => text().from(from());

  onCleanup(() => drawing()?.stop());
  createEffect(
    on([container, () => props.edges, () => props.postCounts, isDark], ([element, edges, postCounts, dark]) => {
      drawing()?.stop();
      if (element) setDrawing(drawNetwork(element, edges, postCounts, dark, (uid) => props.open(uid)));
    }),
  );
  createEffect(() => drawing()?.showFrom(from()));
  createEffect(() => drawing()?.focus(props.uid));

  return (
    <Show when={canDraw()} fallback={<p class="message">{text().cannotDraw}</p>}>
      <div class="tools network-tools">
        <Finder edges={props.edges} uid={props.uid} choose={(uid) => props.keep({ uid })} />
        <label>
          {fromText()}{" "}
          <input
            type="range"
            min="0"
            max={Math.max(0, counts().length - 1)}
            value={Math.max(0, counts().indexOf(from()))}
            aria-valuetext={fromText()}
            onInput={(event) => setDragged(counts()[Number(event.currentTarget.value)])}
            onChange={() => {
              props.keep({ from: from() });
              setDragged(undefined);
            }}
          />
        </label>
        <button
          type="button"
          class="button quiet"
          onClick={() => {
            const canvas = drawing()?.draw();
            if (canvas) props.save(canvas, fromText());
          }}
        >
          PNG
        </button>
      </div>
      <div class="network" ref={setContainer} role="img" aria-label={props.label} />
    </Show>
  );
}

/** Completes the names of the users in the network. */
function Finder(props: { edges: readonly Quotes[]; uid: number; choose: (uid: number | "") => void }) {
  const id = createUniqueId();
  const uids = createMemo(
    () => new Map(props.edges.flatMap(({ from, to }) => [from, to]).map((user) => [displayName(user), user.uid])),
  );
  const initial = () => [...uids()].find(([, uid]) => uid === props.uid)?.[0] ?? "";
  return (
    <>
      <label>
        {text().find}{" "}
        <input
          type="search"
          list={id}
          ref={(box) => (box.value = initial())}
          onInput={(event) => props.choose(uids().get(event.currentTarget.value) ?? "")}
        />
      </label>
      <datalist id={id}>
        <For each={[...uids().keys()].toSorted((a, b) => a.localeCompare(b))}>{(name) => <option value={name} />}</For>
      </datalist>
    </>
  );
}
