import { useSearchParams } from "@solidjs/router";
import { createMemo, createResource, For, Show } from "solid-js";
import { answer, api } from "../api.ts";
import { lineColour, Lines } from "../charts/lines.tsx";
import { ChartCard } from "../components/chart-card.tsx";
import { Loaded } from "../components/loaded.tsx";
import { Page, StatisticChoice } from "../components/page.tsx";
import { UserBox } from "../components/user-box.tsx";
import { UserLink } from "../components/user-link.tsx";
import { useChoice, useFilters } from "../filters.ts";
import { number, t } from "../i18n/index.ts";
import { nameOf } from "../names.ts";
import { hasGaps, userStatistics, yearsOf } from "../statistics.ts";

/** More lines than this are a tangle. */
const most = 6;

/** The development of several users in one chart. */
export default function ComparePage() {
  const filters = useFilters();
  const [parameters, setParameters] = useSearchParams<{ uid?: string | string[] }>();
  const [statistic, choose] = useChoice("statistic", userStatistics, "post_count");
  const uids = createMemo(
    () => [...new Set([parameters.uid ?? []].flat())].filter((uid) => /^[1-9]\d{0,8}$/.test(uid)).slice(0, most),
    [],
    { equals: (before, after) => before.join() === after.join() },
  );
  const [found, { refetch }] = createResource(
    () => ({ uids: uids(), board: filters.bid() ? { bid: filters.bid() } : {} }),
    ({ uids: wanted, board }) =>
      Promise.all(wanted.map((uid) => answer(api["poster-development"].$get({ query: { uid, ...board } })))),
  );
  const set = (next: string[]) => setParameters({ uid: next });
  return (
    <Page
      title={t().compare.title}
      lead={t().compare.lead}
      tools={
        <Show when={uids().length < most} fallback={<p class="aliases">{t().compare.full}</p>}>
          <UserBox label={t().compare.add} choose={({ uid }) => set([...uids(), String(uid)])} />
        </Show>
      }
    >
      <Loaded resource={found} refetch={refetch} height="34rem">
        {(data) => {
          const span = createMemo(() => yearsOf(data().flatMap(({ years }) => Object.values(years))));
          const valueOf = (at: number, year: number) => data()[at]?.years[String(year)]?.[statistic()] ?? 0;
          return (
            <Show when={data().length > 0} fallback={<p class="card message">{t().compare.nobody}</p>}>
              <ul class="chosen-users">
                <For each={data()}>
                  {({ user }, index) => (
                    <li class="card">
                      <i style={{ background: lineColour(index()) }} />
                      <UserLink user={user} />
                      <button
                        type="button"
                        class="button quiet"
                        aria-label={t().compare.remove(nameOf(user))}
                        onClick={() => set(uids().filter((uid) => uid !== String(user.uid)))}
                      >
                        ×
                      </button>
                    </li>
                  )}
                </For>
              </ul>
              <StatisticChoice choices={userStatistics} chosen={statistic()} choose={choose} />
              <Show when={hasGaps(span())}>
                <p class="aliases">{t().user.gaps}</p>
              </Show>
              <ChartCard
                title={t().statistics[statistic()]}
                about={t().compare.title}
                name="compare"
                chart={
                  <Lines
                    label={`${data()
                      .map(({ user }) => nameOf(user))
                      .join(", ")}: ${t().statistics[statistic()]}`}
                    names={span().map(String)}
                    lines={data().map(({ user }, at) => ({
                      name: nameOf(user),
                      values: span().map((year) => valueOf(at, year)),
                    }))}
                  />
                }
                rows={span()}
                columns={[
                  { name: t().columns.year, isHeader: true, cell: (year) => year },
                  ...data().map(({ user }, at) => ({
                    name: nameOf(user),
                    isNumber: true,
                    cell: (year: number) => number(valueOf(at, year)),
                  })),
                ]}
                csv={() => [
                  ["year", ...data().map(({ user }) => nameOf(user))],
                  ...span().map((year) => [year, ...data().map((_, at) => valueOf(at, year))]),
                ]}
                open
              />
            </Show>
          );
        }}
      </Loaded>
    </Page>
  );
}
