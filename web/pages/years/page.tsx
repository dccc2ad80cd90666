import { createResource, For } from "solid-js";
import { answer, api } from "../../api.ts";
import { below } from "../../base.ts";
import { Card } from "../../components/card.tsx";
import { Empty, Loaded } from "../../components/loaded.tsx";
import { Page, StatisticChoice } from "../../components/page.tsx";
import { StatisticsCard } from "../../components/statistics-card.tsx";
import { useChoice, useFilters } from "../../filters.ts";
import { texts } from "../../i18n/index.ts";
import { recapPath } from "../../recap-path.ts";
import { summedStatistics, timeStatistics } from "../../statistics.ts";

const text = texts({
  de: { lead: "Das Forum Jahr für Jahr.", open: (year: number) => `${year} im Überblick`, recaps: "Rückblicke" },
  en: { lead: "The forum, year by year.", open: (year) => `Overview of ${year}`, recaps: "Recaps" },
});

/** The forum year by year. */
export default function YearsPage() {
  const filters = useFilters();
  const statistics = (): readonly (typeof timeStatistics)[number][] =>
    filters.uid() === "" ? timeStatistics : summedStatistics;
  const [chosen, choose] = useChoice("statistic", timeStatistics, "post_count");
  const statistic = () => (statistics().includes(chosen()) ? chosen() : "post_count");
  const [years, { refetch }] = createResource(filters.query, (query) =>
    answer(api["year-over-year-stats"].$get({ query })),
  );
  const overview = (year: number) => below(`/?${new URLSearchParams({ ...filters.query(), year: String(year) })}`);
  return (
    <Page lead={text().lead} tools={<StatisticChoice choices={statistics()} chosen={statistic()} choose={choose} />}>
      <Loaded resource={years} refetch={refetch} height="30rem">
        {(data) => (
          <Empty when={data().rows.length === 0}>
            <StatisticsCard
              name="years"
              rows={data().rows}
              statistics={statistics()}
              statistic={statistic()}
              keyColumn="year"
              rowName={({ year }) => String(year)}
              link={{ href: ({ year }) => overview(year), text: ({ year }) => text().open(year) }}
              open
            />
            <Card title={text().recaps}>
              <ul class="recap-years">
                <For each={data().rows}>
                  {({ year }) => (
                    <li>
                      <a class="button" href={recapPath(year, { bid: filters.bid(), uid: filters.uid() })}>
                        {year}
                      </a>
                    </li>
                  )}
                </For>
              </ul>
            </Card>
          </Empty>
        )}
      </Loaded>
    </Page>
  );
}
