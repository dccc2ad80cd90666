import { Show } from "solid-js";
import type { Pair } from "../../api.ts";
import { SeriesMarker } from "../../charts/series-marker.tsx";
import { displayName } from "../../display-name.ts";
import { number, texts } from "../../i18n/index.ts";

const text = texts({
  de: {
    quotes: (one: string, other: string) => `${one} zitiert ${other}`,
    times: (count: string) => `${count}-mal`,
    never: "nie",
    place: (place: string, one: string, other: string) => `${other} ist Platz ${place} von allen, die ${one} zitiert.`,
    noPlace: (one: string, other: string) => `${other} hat bei ${one} keinen Platz.`,
  },
  en: {
    quotes: (one, other) => `${one} quotes ${other}`,
    times: (count) => (count === "1" ? "once" : `${count} times`),
    never: "never",
    place: (place, one, other) => `${other} is number ${place} of all whom ${one} quotes.`,
    noPlace: (one, other) => `${other} has no place among those whom ${one} quotes.`,
  },
});

/** How often each quotes the other, and which place the other has. */
export const PairPlaces = (props: { pair: Pair }) => (
  <div class="totals pair-places">
    <Direction one={props.pair.user} other={props.pair.with} series={0} />
    <Direction one={props.pair.with} other={props.pair.user} series={1} />
  </div>
);

/** One way: the one quotes the other. The other's place is among all whom the one quotes. */
function Direction(props: { one: Pair["user"]; other: Pair["user"]; series: number }) {
  const names = () => [displayName(props.one.user), displayName(props.other.user)] as const;
  return (
    <div class="card total">
      <span class="pair-direction">
        <SeriesMarker series={props.series} /> {text().quotes(...names())}
      </span>
      <b>{props.one.quotes === 0 ? text().never : text().times(number(props.one.quotes))}</b>
      <small>
        <Show when={props.other.place} fallback={text().noPlace(...names())}>
          {(place) => text().place(number(place()), ...names())}
        </Show>
      </small>
    </div>
  );
}
