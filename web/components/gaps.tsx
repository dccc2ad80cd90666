import { Show } from "solid-js";
import { texts } from "../i18n/index.ts";
import { hasGaps } from "../statistics.ts";

const text = texts({
  de: { gaps: "Zwischen den Posts liegen sehr viele Jahre; Jahre ohne Posts sind ausgelassen." },
  en: { gaps: "The posts are many years apart; years without posts are left out." },
});

/** A notice shown if years are left out. */
export const Gaps = (props: { years: number[] }) => (
  <Show when={hasGaps(props.years)}>
    <p class="aliases">{text().gaps}</p>
  </Show>
);
