import { For, Show } from "solid-js";
import type { Pair } from "../../api.ts";
import { SeriesMarker } from "../../charts/series-marker.tsx";
import { Card } from "../../components/card.tsx";
import { PostLink } from "../../components/post-link.tsx";
import { displayName } from "../../display-name.ts";
import { texts } from "../../i18n/index.ts";

const text = texts({
  de: {
    title: "Erstes und letztes Zitat",
    quotes: (one: string, other: string) => `${one} zitiert ${other}`,
    never: "Noch nie.",
    first: "Zum ersten Mal",
    last: "Zuletzt",
    of: "den Post vom",
  },
  en: {
    title: "First and last quote",
    quotes: (one, other) => `${one} quotes ${other}`,
    never: "Never so far.",
    first: "For the first time",
    last: "Most recently",
    of: "the post of",
  },
});

type Side = Pair["user"];

/** The first and the last quote each way, with links to both posts in the forum. */
export const Moments = (props: { pair: Pair }) => (
  <Card title={text().title}>
    <div class="pair-moments">
      <Direction one={props.pair.user} other={props.pair.with} series={0} />
      <Direction one={props.pair.with} other={props.pair.user} series={1} />
    </div>
  </Card>
);

const Direction = (props: { one: Side; other: Side; series: number }) => (
  <section>
    <h3>
      <SeriesMarker series={props.series} /> {text().quotes(displayName(props.one.user), displayName(props.other.user))}
    </h3>
    <Show when={props.one.first_quote} fallback={<p class="aliases">{text().never}</p>}>
      <dl>
        <For each={["first", "last"] as const}>
          {(which) => (
            <Show when={props.one[`${which}_quote`]}>
              {(quote) => (
                <div>
                  <dt>{text()[which]}</dt>
                  <dd>
                    <PostLink post={quote().quoting} />
                    <span class="aliases">
                      {text().of} <PostLink post={quote().quoted} />
                    </span>
                  </dd>
                </div>
              )}
            </Show>
          )}
        </For>
      </dl>
    </Show>
  </section>
);
