import { createResource, For, Show } from "solid-js";
import { answer, api } from "../../api.ts";
import { Card } from "../../components/card.tsx";
import { Loaded } from "../../components/loaded.tsx";
import { ThreadLink } from "../../components/thread-link.tsx";
import { useDayLink } from "../../day-link.ts";
import { useFilters } from "../../filters.ts";
import { number, t, texts } from "../../i18n/index.ts";
import { yearsAgo } from "../../years-ago.ts";
import { ShowAll } from "./show-all.tsx";

const text = texts({
  de: {
    title: "Heute vor … Jahren",
    none: "An diesem Tag hat noch nie jemand geschrieben.",
    most: "vor allem in",
  },
  en: { title: "On this day", none: "Nobody has ever written on this day.", most: "mostly in" },
});

const maxYears = 5;

/** What happened on today's date in earlier years. */
export function TodayCard() {
  const filters = useFilters();
  const dayLink = useDayLink();
  const [days, { refetch }] = createResource(
    () => filters.only("bid"),
    (query) => answer(api["on-this-day"].$get({ query })),
  );
  const dayIn = (year: number, date: string) => `${String(year).padStart(4, "0")}-${date}`;
  return (
    <Loaded resource={days} refetch={refetch} height="100%">
      {(data) => (
        <Card title={text().title} tools={<ShowAll path="/on-this-day" isShort />}>
          <Show when={data().rows.length > 0} fallback={<p class="aliases">{text().none}</p>}>
            <ol class="today-years">
              <For each={data().rows.slice(0, maxYears)}>
                {({ year, post_count, busiest_thread }) => (
                  <li>
                    <p>
                      <a href={dayLink(dayIn(year, data().date))}>{year}</a>
                      <span class="aliases">{yearsAgo(year, data().date)}</span>
                      <span class="number">
                        {number(post_count)} {t().units.posts(post_count)}
                      </span>
                    </p>
                    <p class="cut aliases">
                      {text().most} <ThreadLink thread={busiest_thread.thread} />
                    </p>
                  </li>
                )}
              </For>
            </ol>
          </Show>
        </Card>
      )}
    </Loaded>
  );
}
