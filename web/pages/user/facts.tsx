import { createResource, For, type JSX, Show } from "solid-js";
import { answer, api, type UserStats } from "../../api.ts";
import { Loaded } from "../../components/loaded.tsx";
import { Total } from "../../components/page.tsx";
import { Share } from "../../components/share.tsx";
import { useFilters } from "../../filters.ts";
import { plural } from "../../i18n/formats.ts";
import { number, shortDay, t, texts } from "../../i18n/index.ts";

const text = texts({
  de: {
    none: "Keine Posts in dieser Auswahl.",
    searchable:
      "Die Suche findet weniger Posts, als hier gezählt sind: Versteckte, verschwundene und leere Posts und solche, die nur zitieren, lassen sich nicht durchsuchen.",
    rank: (rank: string) => `Platz ${rank}`,
    length: "Zeichen je Post",
    quoted: (_count: number) => "mal zitiert worden",
    quotes: (count: number) => plural(count, "Zitat geschrieben", "Zitate geschrieben"),
    boards: "Lieblingsforen",
    profileTitle: "Profil",
    registered: "Registriert",
    lastSeen: "Zuletzt gesehen",
    hidden: "nicht öffentlich",
    tier: "Rang",
    state: "Konto",
    states: {
      active: "aktiv",
      locked: "gesperrt",
      locked_temp: "vorübergehend gesperrt",
      not_unlocked: "nicht freigeschaltet",
    },
    until: (day: string) => `bis ${day}`,
  },
  en: {
    none: "No posts in this selection.",
    searchable:
      "The search finds fewer posts than are counted here: hidden, vanished and empty posts, and those that only quote, cannot be searched.",
    rank: (rank) => `Rank ${rank}`,
    length: "characters per post",
    quoted: (count) => plural(count, "time quoted", "times quoted"),
    quotes: (count) => plural(count, "quote made", "quotes made"),
    boards: "Favorite boards",
    profileTitle: "Profile",
    registered: "Registered",
    lastSeen: "Last seen",
    hidden: "hidden",
    tier: "Forum rank",
    state: "Account",
    states: {
      active: "active",
      locked: "locked",
      locked_temp: "temporarily locked",
      not_unlocked: "not activated",
    },
    until: (day) => `until ${day}`,
  },
});

const maxBoards = 5;

/** A user's totals in the selection, profile and favorite boards. */
export function UserFacts(props: { uid: string }) {
  const filters = useFilters();
  const [facts, { refetch }] = createResource(
    () => ({ uid: props.uid, ...filters.query() }),
    (query) => answer(api["user-stats"].$get({ query })),
  );
  return (
    <div class="user-facts">
      <Loaded resource={facts} refetch={refetch} height="100%">
        {(data) => (
          <>
            <Show when={data().stats} fallback={<p class="card message">{text().none}</p>}>
              {(stats) => <Totals stats={stats()} />}
            </Show>
            <div class="grid">
              <Show when={data().profile}>{(profile) => <Profile profile={profile()} />}</Show>
              <Show when={data().boards.length > 0}>
                <Boards boards={data().boards} />
              </Show>
            </div>
            <Show when={data().stats}>
              <p class="hint">{text().searchable}</p>
            </Show>
          </>
        )}
      </Loaded>
    </div>
  );
}

const Totals = (props: { stats: NonNullable<UserStats["stats"]> }) => (
  <div class="totals">
    <Total
      value={props.stats.post_count}
      name={t().units.posts(props.stats.post_count)}
      detail={text().rank(number(props.stats.rank))}
    />
    <Total value={props.stats.threads_created} name={t().units.threads(props.stats.threads_created)} />
    <Total value={props.stats.avg_post_length} name={text().length} />
    <Total value={props.stats.quoted_count} name={text().quoted(props.stats.quoted_count)} />
    <Total value={props.stats.quotes_count} name={text().quotes(props.stats.quotes_count)} />
  </div>
);

function Profile(props: { profile: NonNullable<UserStats["profile"]> }) {
  const day = (iso: string | null) => iso && shortDay(iso);
  const state = (code: string) => (text().states as Record<string, string>)[code] ?? code;
  return (
    <section class="card">
      <h2>{text().profileTitle}</h2>
      <dl class="facts">
        <Fact name={text().registered}>{day(props.profile.registered)}</Fact>
        <Fact name={text().lastSeen}>{day(props.profile.last_seen) || text().hidden}</Fact>
        <Fact name={text().tier}>{props.profile.tier}</Fact>
        <Fact name={text().state}>
          {props.profile.account_state && state(props.profile.account_state)}
          <Show when={props.profile.locked_until}>{(until) => <> {text().until(shortDay(until()))}</>}</Show>
        </Fact>
      </dl>
    </section>
  );
}

/** A line of the profile, unless the forum's page leaves it out. */
const Fact = (props: { name: string; children: JSX.Element }) => (
  <Show when={props.children}>
    <div>
      <dt>{props.name}</dt>
      <dd>{props.children}</dd>
    </div>
  </Show>
);

/** The boards in which the user posted most, with their shares of the user's posts. */
function Boards(props: { boards: UserStats["boards"] }) {
  const filters = useFilters();
  const total = () => props.boards.reduce((sum, { post_count }) => sum + post_count, 0);
  return (
    <section class="card">
      <h2>{text().boards}</h2>
      <ul class="ranking">
        <For each={props.boards.slice(0, maxBoards)}>
          {(board) => (
            <li>
              <a href={filters.link("/", { bid: String(board.bid) })}>{board.name}</a>
              <span class="share-column">
                <Share part={board.post_count} whole={total()} />
              </span>
              <span class="number">{number(board.post_count)}</span>
            </li>
          )}
        </For>
      </ul>
    </section>
  );
}
