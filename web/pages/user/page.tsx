import { useParams } from "@solidjs/router";
import { createMemo, createResource, Show } from "solid-js";
import { answer, api, ApiError, type PosterDevelopment, type User } from "../../api.ts";
import { below } from "../../base.ts";
import { Gaps } from "../../components/gaps.tsx";
import { dataOf, Failed, Loaded } from "../../components/loaded.tsx";
import { Page, StatisticChoice } from "../../components/page.tsx";
import { RecapLink } from "../../components/recap-link.tsx";
import { StatisticsCard } from "../../components/statistics-card.tsx";
import { usePageTitle } from "../../current-page.ts";
import { useChoice, useFilters } from "../../filters.ts";
import { texts } from "../../i18n/index.ts";
import { displayName } from "../../display-name.ts";
import { userStatistics as statistics, yearsOf } from "../../statistics.ts";
import { recapYear } from "../../recap-year.ts";
import { status } from "../../status.ts";
import { thisYear } from "../../today.ts";
import { useYearLink } from "../../year-link.ts";
import { UserBadge } from "./badge.tsx";
import { UserFacts } from "./facts.tsx";
import { UserQuotes } from "./quotes.tsx";
import { UserStreaks } from "./streaks.tsx";
import { UserThreads } from "./threads.tsx";
import { UserTimes } from "./times.tsx";

const text = texts({
  de: {
    lead: "Über die Jahre",
    aka: "auch bekannt als",
    profile: "Profil im Forum",
    posts: "Posts durchsuchen",
    compare: "Vergleichen",
    only: (year: number) => `Nur ${year} zeigen`,
    allYears: "Alle Jahre zeigen",
    byYear: (statistic: string) => `${statistic} nach Jahr`,
    unknown: "Diesen Nutzer gibt es nicht",
    unknownLead: "Vielleicht wurde er gelöscht, oder die Adresse stimmt nicht.",
    allUsers: "Alle Nutzer",
    overview: "Zum Überblick",
  },
  en: {
    lead: "Over the years",
    aka: "also known as",
    profile: "Forum profile",
    posts: "Search posts",
    compare: "Compare",
    only: (year) => `Show ${year} only`,
    allYears: "Show all years",
    byYear: (statistic) => `${statistic} by year`,
    unknown: "There is no such user",
    unknownLead: "They may have been deleted, or the address is wrong.",
    allUsers: "All users",
    overview: "Go to the overview",
  },
});

/** One user: numbers, years, days and hours, quotes and links. All are requested side by side. */
export default function UserPage() {
  const parameters = useParams<{ uid: string }>();
  const filters = useFilters();
  const pageTitle = usePageTitle();
  const [development, { refetch }] = createResource(
    () => ({ uid: parameters.uid, ...filters.only("bid") }),
    (query) => answer(api["poster-development"].$get({ query })),
  );
  /** Undefined while another user is being loaded. */
  const user = () => {
    const loaded = dataOf(development)?.user;
    return loaded?.uid === Number(parameters.uid) ? loaded : undefined;
  };
  const name = () => {
    const loaded = user();
    return loaded ? displayName(loaded) : `${pageTitle()} ${parameters.uid}`;
  };
  return (
    <Show
      when={development.state !== "errored"}
      fallback={
        <Show
          when={isUnknown(development.error)}
          fallback={
            <Page title={`${pageTitle()} ${parameters.uid}`}>
              <Failed error={development.error} retry={() => void refetch()} />
            </Page>
          }
        >
          <UnknownUser />
        </Show>
      }
    >
      {/* The name of a user that has not been loaded yet keeps its place. */}
      <div class="user-head" classList={{ unnamed: user() === undefined }}>
        <Page
          title={name()}
          lead={leadOf(user())}
          tools={<UserLinks uid={parameters.uid} years={dataOf(development)?.years} />}
        >
          {null}
        </Page>
      </div>
      <UserFacts uid={parameters.uid} />
      <Loaded resource={development} refetch={refetch} height="28rem">
        {(data) => <Development user={data().user} years={data().years} />}
      </Loaded>
      <UserTimes uid={parameters.uid} name={name()} />
      <UserStreaks uid={parameters.uid} />
      <UserThreads uid={parameters.uid} />
      <UserQuotes uid={parameters.uid} name={name()} />
      <UserBadge uid={parameters.uid} name={name()} />
    </Show>
  );
}

/** The API answers 400 for a user whom it does not know, as potstats2 did. */
const isUnknown = (error: unknown) => error instanceof ApiError && (error.status === 400 || error.status === 404);

const UnknownUser = () => (
  <Page title={text().unknown} lead={text().unknownLead}>
    <p class="tools">
      <a class="button" href={below("/users")}>
        {text().allUsers}
      </a>
      <a class="button" href={below("/")}>
        {text().overview}
      </a>
    </p>
  </Page>
);

const leadOf = (user: User | undefined) =>
  user && user.aliases.length > 0 ? `${text().aka} ${user.aliases.join(", ")}` : text().lead;

/** Links to this user in the search, the comparison and the forum, and to the recap of the year. */
function UserLinks(props: { uid: string; years: PosterDevelopment["years"] | undefined }) {
  const filters = useFilters();
  const year = () =>
    recapYear(
      filters.years(),
      Object.values(props.years ?? {}).map((row) => row.year),
      thisYear(),
    );
  const posts = () => new URLSearchParams({ uid: props.uid, ...filters.query() });
  return (
    <>
      <a class="button" href={below(`/search?${posts()}`)}>
        {text().posts}
      </a>
      <a class="button" href={filters.link("/compare", { uid: props.uid })}>
        {text().compare}
      </a>
      <RecapLink year={year()} uid={props.uid} />
      {/* It has its place before its address is known. */}
      <a
        class="button"
        style={{ visibility: status() ? undefined : "hidden" }}
        href={status() && `${status()?.profiles_url}/${props.uid}`}
        rel="noreferrer"
      >
        {text().profile}
      </a>
    </>
  );
}

/** Statistics by year, unless the user has no posts. */
function Development(props: PosterDevelopment) {
  const [statistic, choose] = useChoice("statistic", statistics, "post_count");
  const rows = createMemo(() => yearsOf(Object.values(props.years)).flatMap((year) => props.years[String(year)] ?? []));
  const years = () => rows().map(({ year }) => year);
  const filters = useFilters();
  const yearLink = useYearLink();
  const isChosen = (year: number) => filters.year() === String(year);
  return (
    <Show when={rows().length > 0}>
      <StatisticChoice choices={statistics} chosen={statistic()} choose={choose} />
      <Gaps years={years()} />
      <StatisticsCard
        subject={displayName(props.user)}
        everyYear
        ignores={["year"]}
        name={`user-${props.user.uid}`}
        rows={rows()}
        statistics={statistics}
        statistic={statistic()}
        keyColumn="year"
        rowName={({ year }) => String(year)}
        link={{
          href: ({ year }) => yearLink(String(year)),
          text: ({ year }) => (isChosen(year) ? text().allYears : text().only(year)),
          isChosen: ({ year }) => isChosen(year),
        }}
      />
    </Show>
  );
}
