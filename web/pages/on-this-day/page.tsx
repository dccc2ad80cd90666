import { useNavigate, useSearchParams } from "@solidjs/router";
import { createResource, For, onCleanup, onMount, Show } from "solid-js";
import { answer, api, type OnThisDay } from "../../api.ts";
import { dataOf, Loaded } from "../../components/loaded.tsx";
import { Page } from "../../components/page.tsx";
import { Scope } from "../../components/scope.tsx";
import { UserLink } from "../../components/user-link.tsx";
import { usePageTitle } from "../../current-page.ts";
import { useFilters } from "../../filters.ts";
import { dayOfYear, number, t, texts } from "../../i18n/index.ts";
import { single } from "../../parameters.ts";
import { today } from "../../today.ts";
import { dateAfter, dateOf, dayOn } from "./date.ts";
import { DayInYear, MilestonesOn } from "./day-in-year.tsx";
import { YearsChart } from "./years-chart.tsx";

const text = texts({
  de: {
    lead: "Was an diesem Tag geschah, Jahr für Jahr.",
    before: "Vortag",
    after: "Folgetag",
    today: "Heute",
    keys: "Auch mit den Tasten [ und ]",
    none: "An diesem Tag hat noch nie jemand geschrieben.",
    registered: "An diesem Tag angemeldet",
    withPosts: (count: number) => `${number(count)} ${t().units.posts(count)}`,
  },
  en: {
    lead: "What happened on this day, year by year.",
    before: "Day before",
    after: "Day after",
    today: "Today",
    keys: "Also with the keys [ and ]",
    none: "Nobody has ever written on this day.",
    registered: "Joined on this day",
    withPosts: (count) => `${number(count)} ${t().units.posts(count)}`,
  },
});

/** One date in all years: that of today, unless the URL has another. */
export default function OnThisDayPage() {
  const filters = useFilters();
  const pageTitle = usePageTitle();
  const [parameters] = useSearchParams();
  const requested = () => dateOf(single(parameters["date"]));
  const [days, { refetch }] = createResource(
    () => ({ ...(requested() ? { date: requested() } : {}), ...filters.only("bid") }),
    (query) => answer(api["on-this-day"].$get({ query })),
  );
  const date = () => requested() || dataOf(days)?.date || "";
  const title = () => (date() === "" ? pageTitle() : dayOfYear(dayOn(date())));
  return (
    <Page title={title()} lead={text().lead} tools={<Steps date={date()} />}>
      <Loaded resource={days} refetch={refetch} height="60rem">
        {(data) => (
          <>
            <MilestonesOn milestones={data().milestones} />
            <Show when={data().rows.length > 0} fallback={<p class="card message">{text().none}</p>}>
              <ol class="years-ago">
                <For each={data().rows}>{(row) => <DayInYear row={row} date={data().date} />}</For>
              </ol>
              <YearsChart date={data().date} rows={data().rows} />
            </Show>
            <Registered registered={data().registered} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

const steps: Partial<Record<string, 1 | -1>> = { "[": -1, "]": 1 };
const isInField = (event: KeyboardEvent) => /^(?:INPUT|SELECT|TEXTAREA)$/.test((event.target as HTMLElement).tagName);
/** Whether a key is typed as text. On many keyboards brackets need AltGr, which browsers report as Ctrl and Alt. */
const isTyped = (event: KeyboardEvent) => !event.metaKey && event.ctrlKey === event.altKey;

/** Links to the day before and the day after, also by the keys that step through years elsewhere, and to today. */
function Steps(props: { date: string }) {
  const filters = useFilters();
  const navigate = useNavigate();
  const hrefOf = (date: string) => {
    const link = filters.link("/on-this-day");
    return date === "" ? link : `${link}${link.includes("?") ? "&" : "?"}date=${date}`;
  };
  const press = (event: KeyboardEvent) => {
    const by = steps[event.key];
    if (by === undefined || props.date === "" || isInField(event) || !isTyped(event)) return;
    event.preventDefault();
    navigate(hrefOf(dateAfter(props.date, by)), { resolve: false, scroll: false });
  };
  onMount(() => document.addEventListener("keydown", press));
  onCleanup(() => document.removeEventListener("keydown", press));
  return (
    <nav class="tools" aria-label={text().keys} title={text().keys}>
      <a class="button" href={hrefOf(dateAfter(props.date || today(), -1))} rel="prev" noScroll>
        ← {text().before}
      </a>
      <a class="button" href={hrefOf("")} aria-current={props.date === today() ? "date" : undefined} noScroll>
        {text().today}
      </a>
      <a class="button" href={hrefOf(dateAfter(props.date || today(), 1))} rel="next" noScroll>
        {text().after} →
      </a>
    </nav>
  );
}

/** Who joined on the date. No board is chosen then. */
const Registered = (props: { registered: OnThisDay["registered"] }) => (
  <Show when={props.registered.length > 0}>
    <section class="card">
      <header>
        <h2>
          {text().registered}
          <Scope ignores={["bid"]} />
        </h2>
      </header>
      <dl class="registered">
        <For each={props.registered}>
          {({ year, users }) => (
            <div>
              <dt>{year}</dt>
              <dd>
                <For each={users}>
                  {({ user, post_count }) => (
                    <span>
                      <UserLink user={user} /> <span class="aliases">{text().withPosts(post_count)}</span>
                    </span>
                  )}
                </For>
              </dd>
            </div>
          )}
        </For>
      </dl>
    </section>
  </Show>
);
