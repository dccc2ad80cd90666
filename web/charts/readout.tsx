import { Index, Show } from "solid-js";
import { texts } from "../i18n/index.ts";
import { type Content, fullNameOf, type Mark } from "./content.ts";
import { useScrollKeeping } from "./scroll-keeping.ts";
import { SeriesMarker } from "./series-marker.tsx";
import type { Pointing } from "./use-marks.ts";

const text = texts({
  de: {
    hint: "Alle Werte: mit Maus, Finger oder Pfeiltasten.",
    unfinished: "noch nicht vollständig",
  },
  en: {
    hint: "Point, tap or use the arrow keys to see all values.",
    unfinished: "not complete yet",
  },
});

/** What a screen reader says about a mark: its name and all its values. */
export function spoken(content: Content, mark: Mark): string {
  const values = mark.values.map((value, series) =>
    mark.values.length > 1 ? `${content.series[series]}: ${content.valueText(value)}` : content.valueText(value),
  );
  return `${fullNameOf(mark)}: ${values.join(", ")}${mark.isUnfinished ? `, ${text().unfinished}` : ""}`;
}

/** All values at the mark that the reader points at. It always takes the same place, so that nothing moves. */
export function Readout(props: { content: Content; pointing: Pointing }) {
  const keepScroll = useScrollKeeping();
  const pointed = () => props.pointing.pointed();
  const mark = () => props.content.marks[pointed()?.at ?? -1];
  const series = () => pointed()?.series ?? 0;
  const isSingle = () => props.content.series.length === 1;
  const announcement = () => {
    if (!props.pointing.isByKeys() || isSingle()) return "";
    return `${props.content.series[series()]}: ${props.content.valueText(mark()?.values[series()] ?? 0)}`;
  };
  return (
    <div class="readout">
      <p class="readout-head">
        <Show when={mark()} fallback={props.content.idleText ?? text().hint}>
          {(shown) => (
            <>
              <b>{fullNameOf(shown())}</b>
              <Show when={isSingle()}>
                <span class="readout-value">{props.content.valueText(shown().values[0] ?? 0)}</span>
              </Show>
              <Show when={shown().isUnfinished}>
                <span>{text().unfinished}</span>
              </Show>
              <Show when={shown().href}>
                {/* For fingers: keys and mouse have the mark itself. */}
                {(href) => (
                  <a href={href()(series())} ref={(link) => keepScroll(link, href()(series()))} tabindex="-1">
                    {props.content.actionText?.(pointed()?.at ?? 0, series())}
                  </a>
                )}
              </Show>
            </>
          )}
        </Show>
      </p>
      <Show when={!isSingle()}>
        <ul class="readout-series">
          <Index each={props.content.series}>
            {(name, at) => (
              <li classList={{ nearest: pointed()?.series === at }}>
                <SeriesMarker series={at} />
                <span class="readout-name">{name()}</span>
                <span class="readout-value">
                  <Show when={mark()}>{(shown) => props.content.valueText(shown().values[at] ?? 0)}</Show>
                </span>
              </li>
            )}
          </Index>
        </ul>
        <p class="sr-only" role="status">
          {announcement()}
        </p>
      </Show>
    </div>
  );
}
