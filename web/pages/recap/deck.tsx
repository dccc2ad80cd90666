import { useSearchParams } from "@solidjs/router";
import { createEffect, createSignal, For, type JSX, on, onCleanup, onMount } from "solid-js";
import { texts } from "../../i18n/index.ts";
import { single } from "../../parameters.ts";

const text = texts({
  de: {
    deck: "Karten",
    keys: "Mit den Pfeiltasten, Pos1 und Ende blättern",
    earlier: "Vorige Karte",
    later: "Nächste Karte",
    card: (at: number, count: number, title: string) => `Karte ${at} von ${count}: ${title}`,
  },
  en: {
    deck: "Cards",
    keys: "Turn with the arrow keys, Home and End",
    earlier: "Previous card",
    later: "Next card",
    card: (at, count, title) => `Card ${at} of ${count}: ${title}`,
  },
});

const isInField = (target: HTMLElement) => target.closest("input, select, textarea, dialog, .scroll") !== null;

/** The card that a key leads to; undefined for other keys. */
function targetOf(key: string, at: number, count: number): number | undefined {
  const targets: Partial<Record<string, number>> = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: count - 1 };
  const target = targets[key];
  return target === undefined ? undefined : Math.max(0, Math.min(count - 1, target));
}

/** The card in the URL, and a function that puts one there. */
function useCardName() {
  const [parameters, setParameters] = useSearchParams();
  return [
    () => single(parameters["card"]),
    (name: string) => setParameters({ card: name }, { replace: true, scroll: false }),
  ] as const;
}

/** Lets a mouse pull a row of cards, as a finger does. */
function pulling(row: () => HTMLElement | undefined, release: (by_px: number) => void) {
  let start: { x: number; left: number } | undefined;
  let hasMoved = false;
  return {
    start: (event: PointerEvent) => {
      const target = event.target as HTMLElement;
      if (event.pointerType !== "mouse" || event.button !== 0 || target.closest("a, button, summary, table")) return;
      start = { x: event.clientX, left: row()?.scrollLeft ?? 0 };
      hasMoved = false;
    },
    move: (event: PointerEvent) => {
      const element = row();
      if (!start || !element) return;
      const by = event.clientX - start.x;
      if (!hasMoved && Math.abs(by) < 6) return;
      if (!hasMoved) element.setPointerCapture(event.pointerId);
      hasMoved = true;
      element.classList.add("pulled");
      element.scrollLeft = start.left - by;
    },
    end: (event: PointerEvent) => {
      const by = start && hasMoved ? start.x - event.clientX : 0;
      start = undefined;
      row()?.classList.remove("pulled");
      if (by !== 0) release(by);
    },
  };
}

/** Cards side by side, one at a time: by keys, swipe, buttons, or the address. */
export function Deck<Card extends { name: string }>(props: {
  cards: Card[];
  titleOf: (card: Card) => string;
  children: (card: Card) => JSX.Element;
}) {
  const [named, setName] = useCardName();
  const indexOf = (name: string) =>
    Math.max(
      0,
      props.cards.findIndex((card) => card.name === name),
    );
  const [current, setCurrent] = createSignal(indexOf(named()));
  let row: HTMLOListElement | undefined;
  const cardAt = (at: number) => row?.children[at] as HTMLElement | undefined;
  /** Whether the reader scrolls. Otherwise the row follows the current card, also while its size changes. */
  let isByHand = false;

  const show = (at: number, isInstant = false) => {
    const isCalm = isInstant || matchMedia("(prefers-reduced-motion: reduce)").matches;
    const element = cardAt(at);
    if (!row || !element) return;
    isByHand = false;
    setCurrent(at);
    row.scrollTo({ left: element.offsetLeft - row.offsetLeft, behavior: isCalm ? "instant" : "smooth" });
    const name = props.cards[at]?.name ?? "";
    if (named() !== name && !isInstant) setName(name);
  };
  /** After a swipe: the card that is in view now. */
  const settle = () => {
    if (!row || !isByHand) return;
    const at = Math.round(row.scrollLeft / Math.max(1, row.clientWidth));
    if (at === current()) return;
    setCurrent(at);
    setName(props.cards[at]?.name ?? "");
  };
  const press = (event: KeyboardEvent) => {
    const target = event.target as HTMLElement;
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || isInField(target)) return;
    if (target !== document.body && !target.closest("#content")) return;
    const at = targetOf(event.key, current(), props.cards.length);
    if (at === undefined) return;
    event.preventDefault();
    show(at);
  };
  const pull = pulling(
    () => row,
    (by_px) => {
      const width = row?.clientWidth ?? 1;
      const step = Math.abs(by_px) > width / 6 ? Math.sign(by_px) : 0;
      show(Math.max(0, Math.min(props.cards.length - 1, current() + step)));
    },
  );
  onMount(() => {
    document.addEventListener("keydown", press);
    show(current(), true);
    let width = row?.clientWidth;
    const observer = new ResizeObserver(() => {
      if (width !== row?.clientWidth) show(current(), true);
      width = row?.clientWidth;
    });
    if (row) observer.observe(row);
    onCleanup(() => observer.disconnect());
  });
  onCleanup(() => document.removeEventListener("keydown", press));
  // Back, forward, and links to a card.
  createEffect(on(named, (name) => indexOf(name) !== current() && show(indexOf(name), true), { defer: true }));

  return (
    <section class="recap-deck" aria-roledescription="carousel" aria-label={text().deck}>
      <ol
        class="recap-row"
        ref={(element) => (row = element)}
        onScroll={settle}
        onWheel={() => (isByHand = true)}
        onTouchStart={() => (isByHand = true)}
        onPointerDown={pull.start}
        onPointerMove={pull.move}
        onPointerUp={pull.end}
        onPointerCancel={pull.end}
      >
        <For each={props.cards}>
          {(card, at) => <li onFocusIn={() => at() !== current() && show(at())}>{props.children(card)}</li>}
        </For>
      </ol>
      <Progress cards={props.cards} titleOf={props.titleOf} current={current()} show={show} />
    </section>
  );
}

function Progress<Card extends { name: string }>(props: {
  cards: Card[];
  titleOf: (card: Card) => string;
  current: number;
  show: (at: number) => void;
}) {
  const last = () => props.cards.length - 1;
  return (
    <nav class="recap-progress" aria-label={text().keys} title={text().keys}>
      <button
        type="button"
        class="button"
        aria-label={text().earlier}
        aria-disabled={props.current === 0}
        onClick={() => props.show(Math.max(0, props.current - 1))}
      >
        ←
      </button>
      <ol>
        <For each={props.cards}>
          {(card, at) => (
            <li>
              <button
                type="button"
                class="recap-dot"
                aria-label={text().card(at() + 1, props.cards.length, props.titleOf(card))}
                title={props.titleOf(card)}
                aria-current={at() === props.current ? "step" : undefined}
                onClick={() => props.show(at())}
              />
            </li>
          )}
        </For>
      </ol>
      <span class="recap-count">
        {props.current + 1} / {props.cards.length}
      </span>
      <button
        type="button"
        class="button"
        aria-label={text().later}
        aria-disabled={props.current === last()}
        onClick={() => props.show(Math.min(last(), props.current + 1))}
      >
        →
      </button>
    </nav>
  );
}
