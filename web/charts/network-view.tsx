import { createEffect, createMemo, createSignal, createUniqueId, For, on, onCleanup, onMount, Show } from "solid-js";
import { number, t } from "../i18n/index.ts";
import { nameOf } from "../names.ts";
import { theme } from "../theme.ts";
import { canDraw, drawNetwork, type Network, type Quoting } from "./network.ts";

/** People as dots, quotes as arrows; a slider hides weak ones, a box finds somebody. The table beneath tells the same. */
export default function NetworkView(props: {
  label: string;
  edges: readonly Quoting[];
  postCounts: ReadonlyMap<number, number>;
  /** How often one quotes another there at least, and who is in view: as the address has it; 0 where it does not say. */
  from: number;
  found: number;
  /** Writes them into the address. */
  keep: (next: { from: number } | { uid: number | "" }) => void;
  open: (uid: number) => void;
  /** Told what has just been drawn, and how often one quotes another there at least. */
  save: (drawn: HTMLCanvasElement, from: string) => void;
}) {
  const names = createUniqueId();
  const [container, setContainer] = createSignal<HTMLElement>();
  const [network, setNetwork] = createSignal<Network>();
  const [dragged, setDragged] = createSignal<number>();
  const systemIsDark = matchMedia("(prefers-color-scheme: dark)");
  const [isNight, setNight] = createSignal(systemIsDark.matches);
  const isDark = () => (theme() === "system" ? isNight() : theme() === "dark");
  const people = createMemo(() => {
    const found = new Map<string, number>();
    for (const edge of props.edges) for (const user of [edge.from, edge.to]) found.set(nameOf(user), user.uid);
    return found;
  });
  /** Who is in view, when the box was made. */
  const nameFound = () => [...people()].find(([, uid]) => uid === props.found)?.[0] ?? "";
  const counts = createMemo(() => [...new Set(props.edges.map(({ count }) => count))].toSorted((a, b) => a - b));

  /** The weakest quotes that are shown; another selection has other counts. */
  const from = () => counts().find((count) => count >= (dragged() ?? props.from)) ?? counts().at(-1) ?? 1;

  const change = () => setNight(systemIsDark.matches);
  onMount(() => systemIsDark.addEventListener("change", change));
  onCleanup(() => {
    systemIsDark.removeEventListener("change", change);
    network()?.stop();
  });
  createEffect(
    on([container, () => props.edges, () => props.postCounts, isDark], ([element, edges, postCounts, dark]) => {
      network()?.stop();
      if (element) setNetwork(drawNetwork(element, edges, postCounts, dark, (uid) => props.open(uid)));
    }),
  );
  createEffect(() => network()?.showFrom(from()));
  createEffect(() => network()?.choose(props.found));

  return (
    <Show when={canDraw()} fallback={<p class="message">{t().network.cannotDraw}</p>}>
      <div class="tools network-tools">
        <label>
          {t().network.find}{" "}
          <input
            type="search"
            list={names}
            ref={(box) => (box.value = nameFound())}
            onInput={(event) => props.keep({ uid: people().get(event.currentTarget.value) ?? "" })}
          />
        </label>
        <datalist id={names}>
          <For each={[...people().keys()].toSorted((a, b) => a.localeCompare(b))}>
            {(name) => <option value={name} />}
          </For>
        </datalist>
        <label>
          {t().network.from(number(from()))}{" "}
          <input
            type="range"
            min="0"
            max={Math.max(0, counts().length - 1)}
            value={Math.max(0, counts().indexOf(from()))}
            aria-valuetext={t().network.from(number(from()))}
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
            const drawn = network()?.draw();
            if (drawn) props.save(drawn, t().network.from(number(from())));
          }}
        >
          {t().png}
        </button>
      </div>
      <div class="network" ref={setContainer} role="img" aria-label={props.label} />
    </Show>
  );
}
