import { useNavigate, useParams } from "@solidjs/router";
import { createMemo, createResource, onCleanup, onMount, Show } from "solid-js";
import { answer, api, ApiError, type Recap } from "../../api.ts";
import { below } from "../../base.ts";
import { unfinishedYear } from "../../charts/unfinished.ts";
import { dataOf, Failed, Loaded } from "../../components/loaded.tsx";
import { Page } from "../../components/page.tsx";
import { usePairAddress } from "../../components/pair-link.tsx";
import { useDayLink } from "../../day-link.ts";
import { displayName } from "../../display-name.ts";
import { useFilters } from "../../filters.ts";
import { plural } from "../../i18n/formats.ts";
import { number, shortDay, texts } from "../../i18n/index.ts";
import { recapPath } from "../../recap-path.ts";
import { forumThread } from "../../status.ts";
import { RecapCardView } from "./card.tsx";
import { cardsOf, type Links } from "./cards.ts";
import { Deck } from "./deck.tsx";
import { text as words } from "./texts.ts";

const text = texts({
  de: {
    title: (year: string) => `Rückblick ${year}`,
    lead: (count: number) => `Das Jahr auf ${number(count)} ${plural(count, "Karte", "Karten")}`,
    none: (year: string) => `${year} gibt es hier keine Posts.`,
    unknown: "Das gibt es nicht",
    unknownLead: "Vielleicht wurde es gelöscht, oder die Adresse stimmt nicht.",
    unfinished: (day: string) => `Das Jahr ist noch nicht vorbei: Posts bis ${day}.`,
    years: "Anderes Jahr, auch mit den Tasten [ und ]",
    forum: "Ganzes Forum",
    user: "Zum Nutzer",
    board: "Zum Forum",
    overview: "Zum Überblick",
  },
  en: {
    title: (year) => `Recap ${year}`,
    lead: (count) => `The year on ${number(count)} ${plural(count, "card", "cards")}`,
    none: (year) => `There are no posts here in ${year}.`,
    unknown: "There is no such thing",
    unknownLead: "It may have been deleted, or the address is wrong.",
    unfinished: (day) => `The year is not over yet: posts until ${day}.`,
    years: "Another year, also with the keys [ and ]",
    forum: "Whole forum",
    user: "Go to the user",
    board: "Go to the board",
    overview: "Go to the overview",
  },
});

type Parameters = { year: string; bid?: string; uid?: string };

/** Whose year it is: of a user, of a board, or "" of the forum. */
function nameOf({ user, board }: Recap): string {
  if (user) return displayName(user);
  return board ? board.name || `#${board.bid}` : "";
}

function useLinks(): Links {
  const filters = useFilters();
  const dayLink = useDayLink();
  const pairAddress = usePairAddress();
  const parameters = useParams<Parameters>();
  return {
    user: ({ uid }) => filters.link(`/users/${uid}`),
    pair: (one, other) => pairAddress(one.uid, other.uid),
    thread: ({ tid }) => filters.link(`/threads/${tid}`),
    board: (bid) => filters.link("/", { bid: String(bid) }),
    day: (iso) => dayLink(iso),
    domain: (domain) => below(`/links?${new URLSearchParams({ year: parameters.year, domain })}`),
    post: ({ tid, pid }) => forumThread(tid, pid),
  };
}

/** A year of the forum, a board or a user, as a deck of cards. */
export function RecapPage() {
  const parameters = useParams<Parameters>();
  const query = () => {
    const { year, bid, uid } = parameters;
    return { year, ...(uid ? { uid } : {}), ...(bid ? { bid } : {}) };
  };
  const [recap, { refetch }] = createResource(query, (wanted) => answer(api.recap.$get({ query: wanted })));
  /** Undefined while another recap is being loaded. */
  const current = () => {
    const loaded = dataOf(recap);
    const { year, bid = "", uid = "" } = parameters;
    const isWanted = loaded?.year === Number(year) && (loaded.board?.bid ?? "") === (bid && Number(bid));
    return isWanted && (loaded.user?.uid ?? "") === (uid && Number(uid)) ? loaded : undefined;
  };
  const links = useLinks();
  const cards = createMemo(() => {
    const loaded = dataOf(recap);
    return loaded ? cardsOf(loaded, links) : [];
  });
  const title = () => {
    const loaded = current();
    return [text().title(parameters.year), loaded ? nameOf(loaded) : ""].filter(Boolean).join(" · ");
  };
  const isUnknown = () => recap.error instanceof ApiError && recap.error.status === 400;
  return (
    <Show
      when={recap.state !== "errored"}
      fallback={
        <Show when={isUnknown()} fallback={<Failed error={recap.error} retry={() => void refetch()} />}>
          <Unknown />
        </Show>
      }
    >
      <Page
        title={title()}
        lead={cards().length > 0 ? text().lead(cards().length) : " "}
        tools={<Steps parameters={{ ...parameters }} />}
      >
        <Loaded resource={recap} refetch={refetch} height="38rem">
          {(data) => (
            <Show when={cards().length > 0} fallback={<p class="card message">{text().none(String(data().year))}</p>}>
              <Show when={unfinishedYear()?.year === data().year && unfinishedYear()}>
                {(end) => <p class="unfinished-note">{text().unfinished(shortDay(end().until))}</p>}
              </Show>
              <Deck cards={cards()} titleOf={(card) => words().titles[card.name]}>
                {(card) => (
                  <RecapCardView
                    card={card}
                    subject={[data().year, nameOf(data())].filter(Boolean).join(" · ")}
                    fileName={["recap", data().year, data().board?.bid, data().user?.uid].filter(Boolean).join("-")}
                  />
                )}
              </Deck>
            </Show>
          )}
        </Loaded>
      </Page>
    </Show>
  );
}

const Unknown = () => (
  <Page title={text().unknown} lead={text().unknownLead}>
    <p class="tools">
      <a class="button" href={below("/")}>
        {text().overview}
      </a>
    </p>
  </Page>
);

const steps: Partial<Record<string, 1 | -1>> = { "[": -1, "]": 1 };
const isInField = (event: KeyboardEvent) => /^(?:INPUT|SELECT|TEXTAREA)$/.test((event.target as HTMLElement).tagName);
/** Whether a key is typed as text. On many keyboards brackets need AltGr, which browsers report as Ctrl and Alt. */
const isTyped = (event: KeyboardEvent) => !event.metaKey && event.ctrlKey === event.altKey;

/** Links to the years before and after, also by keys, to the whole forum, and to the user or the board. */
function Steps(props: { parameters: Parameters }) {
  const filters = useFilters();
  const navigate = useNavigate();
  const [years] = createResource(() => answer(api.years.$get({ query: {} })));
  const parameters = () => props.parameters;
  const hrefOf = (by: 1 | -1) => {
    const known = dataOf(years)?.rows.map(({ year }) => year) ?? [];
    const now = Number(parameters().year);
    const year = by < 0 ? known.findLast((other) => other < now) : known.find((other) => other > now);
    return year === undefined ? undefined : recapPath(year, parameters());
  };
  const press = (event: KeyboardEvent) => {
    const by = steps[event.key];
    const href = by && hrefOf(by);
    if (!href || isInField(event) || !isTyped(event)) return;
    event.preventDefault();
    navigate(href, { resolve: false, scroll: false });
  };
  onMount(() => document.addEventListener("keydown", press));
  onCleanup(() => document.removeEventListener("keydown", press));
  return (
    <nav class="tools" aria-label={text().years} title={text().years}>
      <Show when={hrefOf(-1)}>
        {(href) => (
          <a class="button" href={href()} rel="prev" noScroll>
            ← {Number(/\d+/.exec(href().slice(href().indexOf("/recap/")))?.[0])}
          </a>
        )}
      </Show>
      <Show when={hrefOf(1)}>
        {(href) => (
          <a class="button" href={href()} rel="next" noScroll>
            {Number(/\d+/.exec(href().slice(href().indexOf("/recap/")))?.[0])} →
          </a>
        )}
      </Show>
      <Show when={parameters().uid || parameters().bid}>
        <a class="button" href={recapPath(Number(parameters().year))}>
          {text().forum}
        </a>
      </Show>
      <Show when={parameters().uid}>
        {(uid) => (
          <a class="button" href={filters.link(`/users/${uid()}`)}>
            {text().user}
          </a>
        )}
      </Show>
      <Show when={parameters().bid}>
        {(bid) => (
          <a class="button" href={filters.link("/", { bid: bid() })}>
            {text().board}
          </a>
        )}
      </Show>
    </nav>
  );
}
