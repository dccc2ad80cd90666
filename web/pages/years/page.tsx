import { createResource } from "solid-js";
import { answer, api } from "../../api.ts";
import { Empty, Loaded } from "../../components/loaded.tsx";
import { Page, StatisticChoice } from "../../components/page.tsx";
import { StatisticsCard } from "../../components/statistics-card.tsx";
import { useChoice, useFilters } from "../../filters.ts";
import { t } from "../../i18n/index.ts";
import { timeStatistics as statistics } from "../../statistics.ts";

/** The forum year by year. */
export default function YearsPage() {
  const filters = useFilters();
  const [statistic, choose] = useChoice("statistic", statistics, "post_count");
  const [years, { refetch }] = createResource(filters.query, (query) =>
    answer(api["year-over-year-stats"].$get({ query })),
  );
  return (
    <Page
      title={t().years.title}
      lead={t().years.lead}
      tools={<StatisticChoice choices={statistics} chosen={statistic()} choose={choose} />}
    >
      <Loaded resource={years} refetch={refetch} height="30rem">
        {(data) => (
          <Empty when={data().rows.length === 0}>
            <StatisticsCard
              title={t().statistics[statistic()]}
              label={`${t().years.title}: ${t().statistics[statistic()]}`}
              about={t().years.title}
              name="years"
              rows={data().rows}
              statistics={statistics}
              statistic={statistic()}
              keyColumn="year"
              keyTitle={t().columns.year}
              rowName={({ year }) => String(year)}
              open
            />
          </Empty>
        )}
      </Loaded>
    </Page>
  );
}
