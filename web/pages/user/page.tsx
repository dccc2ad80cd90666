import { useParams } from "@solidjs/router";
import { createMemo, createResource, Show } from "solid-js";
import { answer, api, type PosterDevelopment, type User } from "../../api.ts";
import { below } from "../../base.ts";
import { Failed, Loaded } from "../../components/loaded.tsx";
import { Page, StatisticChoice } from "../../components/page.tsx";
import { StatisticsCard } from "../../components/statistics-card.tsx";
import { useChoice, useFilters } from "../../filters.ts";
import { t } from "../../i18n/index.ts";
import { nameOf } from "../../names.ts";
import { hasGaps, userStatistics as statistics, yearsOf } from "../../statistics.ts";
import { status } from "../../status.ts";
import { UserFacts } from "./facts.tsx";
import { UserQuotes } from "./quotes.tsx";
import { UserTimes } from "./times.tsx";

/** One user: numbers, years, days and hours, quotes and links. */
export default function UserPage() {
  const parameters = useParams<{ uid: string }>();
  const filters = useFilters();
  const [development, { refetch }] = createResource(
    () => ({ uid: parameters.uid, ...filters.only("bid") }),
    (query) => answer(api["poster-development"].$get({ query })),
  );
  return (
    <Show
      when={development.state !== "errored"}
      fallback={
        <Page title={`${t().nav.user} ${parameters.uid}`}>
          <Failed error={development.error} again={() => void refetch()} />
        </Page>
      }
    >
      <Loaded resource={development} refetch={refetch} height="32rem">
        {(data) => (
          <Page title={nameOf(data().user)} lead={leadOf(data().user)} tools={<Ways user={data().user} />}>
            <UserFacts uid={String(data().user.uid)} />
            <Development user={data().user} years={data().years} />
          </Page>
        )}
      </Loaded>
    </Show>
  );
}

const leadOf = ({ aliases }: User) => (aliases.length > 0 ? `${t().user.aka} ${aliases.join(", ")}` : t().user.title);

/** Where else this user is to be found. */
const Ways = (props: { user: User }) => (
  <>
    <a class="button" href={below(`/search?uid=${props.user.uid}`)}>
      {t().user.posts}
    </a>
    <a class="button" href={below(`/compare?uid=${props.user.uid}`)}>
      {t().user.compare}
    </a>
    <Show when={status()}>
      {(current) => (
        <a class="button" href={`${current().profiles_url}/${props.user.uid}`} rel="noreferrer">
          {t().user.profile}
        </a>
      )}
    </Show>
  </>
);

/** Year by year, then by time, person and domain; users without posts have none of it. */
function Development(props: PosterDevelopment) {
  const [statistic, choose] = useChoice("statistic", statistics, "post_count");
  const rows = createMemo(() => yearsOf(Object.values(props.years)).flatMap((year) => props.years[String(year)] ?? []));
  const years = () => rows().map(({ year }) => year);
  const uid = () => String(props.user.uid);
  return (
    <Show when={rows().length > 0} fallback={<p class="card message">{t().user.none}</p>}>
      <StatisticChoice choices={statistics} chosen={statistic()} choose={choose} />
      <Show when={hasGaps(years())}>
        <p class="aliases">{t().user.gaps}</p>
      </Show>
      <StatisticsCard
        title={t().user.byYear(t().statistics[statistic()])}
        label={`${nameOf(props.user)}: ${t().statistics[statistic()]}`}
        about={props.user.name}
        everyYear
        name={`user-${uid()}`}
        rows={rows()}
        statistics={statistics}
        statistic={statistic()}
        keyColumn="year"
        keyTitle={t().columns.year}
        rowName={({ year }) => String(year)}
      />
      <UserTimes uid={uid()} name={props.user.name} years={years()} />
      <UserQuotes uid={uid()} />
    </Show>
  );
}
