import { For, Show } from "solid-js";
import { plural } from "../../i18n/formats.ts";
import { number, texts } from "../../i18n/index.ts";
import { type Circle, maxCircles, type Network } from "./network.ts";
import { Shape } from "./shape.tsx";

const text = texts({
  de: {
    circles: "Zitiergruppen",
    more: (count: number) => ` und ${plural(count, "ein weiterer", `${number(count)} weitere`)}`,
    rest: "kleinere Gruppen",
  },
  en: {
    circles: "Quoting circles",
    more: (count) => ` and ${number(count)} more`,
    rest: "smaller circles",
  },
});

/** A circle is named by this many of its members. */
const maxNames = 3;

/** The legend: each circle with its busiest members. A click emphasizes it. */
export const Circles = (props: {
  network: Network;
  circles: readonly Circle[];
  /** Whether some persons belong to none of these circles. */
  hasRest: boolean;
  chosen: Circle | undefined;
  choose: (circle: Circle | undefined) => void;
}) => (
  <ul class="network-circles" aria-label={text().circles}>
    <For each={props.circles}>
      {(circle) => (
        <li>
          <button
            type="button"
            class="button quiet"
            aria-pressed={props.chosen?.rank === circle.rank}
            onClick={() => props.choose(props.chosen?.rank === circle.rank ? undefined : circle)}
          >
            <Shape rank={circle.rank} />
            <span>
              {circle.members
                .slice(0, maxNames)
                .map((at) => props.network.people[at]?.name)
                .join(", ")}
              <Show when={circle.members.length > maxNames}>
                <span class="aliases">{text().more(circle.members.length - maxNames)}</span>
              </Show>
            </span>
          </button>
        </li>
      )}
    </For>
    <Show when={props.hasRest}>
      <li class="aliases">
        <Shape rank={maxCircles} /> {text().rest}
      </li>
    </Show>
  </ul>
);
