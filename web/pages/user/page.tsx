import { useParams } from "@solidjs/router";
import { createMemo, createResource, Show } from "solid-js";
import { answer, api, type PosterDevelopment, type User } from "../../api.ts";
import { below } from "../../base.ts";
import { Gaps } from "../../components/gaps.tsx";
import { Failed, Loaded } from "../../components/loaded.tsx";
import { Page, StatisticChoice } from "../../components/page.tsx";
import { StatisticsCard } from "../../components/statistics-card.tsx";
import { usePageTitle } from "../../current-page.ts";
import { useChoice, useFilters } from "../../filters.ts";
import { t, texts } from "../../i18n/index.ts";
import { displayName } from "../../display-name.ts";
import { userStatistics as statistics, yearsOf } from "../../statistics.ts";
import { status } from "../../status.ts";
import { NoPosts, UserFacts } from "./facts.tsx";
import { UserQuotes } from "./quotes.tsx";
import { UserTimes } from "./times.tsx";

const text = texts({
  de: {
    lead: "Entwicklung",
    aka: "auch bekannt als",
    profile: "Profil im Forum",
    posts: "Posts durchsuchen",
    compare: "Vergleichen",
    byYear: (statistic: string) => `${statistic} nach Jahr`,
  },
  en: {
    lead: "Over the years",
    aka: "also known as",
    profile: "Forum profile",
    posts: "Search posts",
    compare: "Compare",
    byYear: (statistic) => `${statistic} by year`,
  },
});

/** One user: numbers, years, days and hours, quotes and links. */
export default function UserPage() {
  const parameters = useParams<{ uid: string }>();
  const filters = useFilters();
  const pageTitle = usePageTitle();
  const [development, { refetch }] = createResource(
    () => ({ uid: parameters.uid, ...filters.only("bid") }),
    (query) => answer(api["poster-development"].$get({ query })),
  );
  return (
    <Show
      when={development.state !== "errored"}
      fallback={
        <Page title={`${pageTitle()} ${parameters.uid}`}>
          <Failed error={development.error} retry={() => void refetch()} />
        </Page>
      }
    >
      <Loaded resource={development} refetch={refetch} height="32rem">
        {(data) => (
          <Page title={displayName(data().user)} lead={leadOf(data().user)} tools={<UserLinks user={data().user} />}>
            <UserFacts uid={String(data().user.uid)} />
            <Development user={data().user} years={data().years} />
          </Page>
        )}
      </Loaded>
    </Show>
  );
}

const leadOf = ({ aliases }: User) => (aliases.length > 0 ? `${text().aka} ${aliases.join(", ")}` : text().lead);

/** Links to this user in the search, the comparison and the forum. */
function UserLinks(props: { user: User }) {
  const filters = useFilters();
  const posts = () => new URLSearchParams({ uid: String(props.user.uid), ...filters.query() });
  return (
    <>
      <a class="button" href={below(`/search?${posts()}`)}>
        {text().posts}
      </a>
      <a class="button" href={filters.link("/compare", { uid: String(props.user.uid) })}>
        {text().compare}
      </a>
      <Show when={status()}>
        {(current) => (
          <a class="button" href={`${current().profiles_url}/${props.user.uid}`} rel="noreferrer">
            {text().profile}
          </a>
        )}
      </Show>
    </>
  );
}

/** Statistics by year, day, hour, user and domain, unless the user has no posts. */
function Development(props: PosterDevelopment) {
  const [statistic, choose] = useChoice("statistic", statistics, "post_count");
  const rows = createMemo(() => yearsOf(Object.values(props.years)).flatMap((year) => props.years[String(year)] ?? []));
  const years = () => rows().map(({ year }) => year);
  const uid = () => String(props.user.uid);
  return (
    <Show when={rows().length > 0} fallback={<NoPosts />}>
      <StatisticChoice choices={statistics} chosen={statistic()} choose={choose} />
      <Gaps years={years()} />
      <StatisticsCard
        title={text().byYear(t().statistics[statistic()])}
        subject={displayName(props.user)}
        everyYear
        ignores={["year"]}
        name={`user-${uid()}`}
        rows={rows()}
        statistics={statistics}
        statistic={statistic()}
        keyColumn="year"
        rowName={({ year }) => String(year)}
      />
      <UserTimes uid={uid()} name={displayName(props.user)} years={years()} />
      <UserQuotes uid={uid()} />
    </Show>
  );
}
