import { useParams } from "@solidjs/router";
import { createMemo, createResource, Show } from "solid-js";
import { answer, api } from "../api.ts";
import { below } from "../base.ts";
import { Bars } from "../charts/bars.tsx";
import { ChartCard } from "../components/chart-card.tsx";
import { Failed, Loaded } from "../components/loaded.tsx";
import { Page, StatisticChoice } from "../components/page.tsx";
import { useChoice, useFilters } from "../filters.ts";
import { number, t } from "../i18n/index.ts";
import { nameOf } from "../names.ts";
import { hasGaps, userStatistics as statistics, yearsOf } from "../statistics.ts";
import { status } from "../status.ts";
import { UserFacts } from "./user-facts.tsx";
import { UserQuotes } from "./user-quotes.tsx";
import { UserTimes } from "./user-times.tsx";

/** One user: numbers, year by year, days and hours, quotes and links. */
export default function PosterDevelopmentPage() {
  const parameters = useParams<{ uid: string }>();
  const filters = useFilters();
  const [statistic, choose] = useChoice("statistic", statistics, "post_count");
  const [development, { refetch }] = createResource(
    () => ({ uid: parameters.uid, ...(filters.bid() ? { bid: filters.bid() } : {}) }),
    (query) => answer(api["poster-development"].$get({ query })),
  );
  return (
    <Show
      when={development.state !== "errored"}
      fallback={
        <Page title={`${t().columns.user} ${parameters.uid}`}>
          <Failed error={development.error} again={() => void refetch()} />
        </Page>
      }
    >
      <Loaded resource={development} refetch={refetch} height="32rem">
        {(data) => {
          const rows = createMemo(() => {
            const { years } = data();
            return yearsOf(Object.values(years)).flatMap((year) => years[String(year)] ?? []);
          });
          return (
            <Page
              title={nameOf(data().user)}
              lead={
                data().user.aliases.length > 0 ? `${t().user.aka} ${data().user.aliases.join(", ")}` : t().user.title
              }
              tools={
                <>
                  <a class="button" href={below(`/search?uid=${data().user.uid}`)}>
                    {t().user.posts}
                  </a>
                  <a class="button" href={below(`/compare?uid=${data().user.uid}`)}>
                    {t().user.compare}
                  </a>
                  <Show when={status()}>
                    {(known) => (
                      <a class="button" href={`${known().profiles_url}/${data().user.uid}`} rel="noreferrer">
                        {t().user.profile}
                      </a>
                    )}
                  </Show>
                </>
              }
            >
              <UserFacts uid={String(data().user.uid)} />
              <Show when={rows().length > 0} fallback={<p class="card message">{t().user.none}</p>}>
                <StatisticChoice choices={statistics} chosen={statistic()} choose={choose} />
                <Show when={hasGaps(rows().map(({ year }) => year))}>
                  <p class="aliases">{t().user.gaps}</p>
                </Show>
                <ChartCard
                  title={t().user.byYear(t().statistics[statistic()])}
                  about={data().user.name}
                  everyYear
                  name={`user-${data().user.uid}`}
                  chart={
                    <Bars
                      label={`${nameOf(data().user)}: ${t().statistics[statistic()]}`}
                      values={rows().map((row) => ({ name: String(row.year), value: row[statistic()] }))}
                    />
                  }
                  rows={rows()}
                  columns={[
                    { name: t().columns.year, isHeader: true, cell: (row) => row.year },
                    ...statistics.map((column) => ({
                      name: t().statistics[column],
                      isNumber: true,
                      cell: (row: ReturnType<typeof rows>[number]) => number(row[column]),
                    })),
                  ]}
                  csv={() => [
                    ["year", ...statistics],
                    ...rows().map((row) => [row.year, ...statistics.map((column) => row[column])]),
                  ]}
                />
                <UserTimes
                  uid={String(data().user.uid)}
                  name={data().user.name}
                  years={rows().map(({ year }) => year)}
                />
                <UserQuotes uid={String(data().user.uid)} />
              </Show>
            </Page>
          );
        }}
      </Loaded>
    </Show>
  );
}
