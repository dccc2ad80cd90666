import { createResource, For, type JSX, Show } from "solid-js";
import { answer, api } from "../api.ts";
import { Loaded } from "../components/loaded.tsx";
import { Total } from "../components/page.tsx";
import { useFilters } from "../filters.ts";
import { number, shortDay, t } from "../i18n/index.ts";

/** One user's numbers in the selection, boards and profile. */
export function UserFacts(props: { uid: string }) {
  const filters = useFilters();
  const [facts, { refetch }] = createResource(
    () => ({ uid: props.uid, ...filters.query() }),
    (query) => answer(api["user-stats"].$get({ query })),
  );
  const state = (code: string) => (t().user.states as Record<string, string>)[code] ?? code;
  return (
    <Loaded resource={facts} refetch={refetch} height="17.5rem">
      {(data) => (
        <>
          <Show when={data().stats} fallback={<p class="card message">{t().user.none}</p>}>
            {(stats) => (
              <div class="totals">
                <Total
                  value={stats().post_count}
                  name={t().statistics.post_count}
                  detail={t().user.rank(number(stats().rank))}
                />
                <Total value={stats().threads_created} name={t().statistics.threads_created} />
                <Total value={stats().avg_post_length} name={t().user.length} />
                <Total value={stats().quoted_count} name={t().statistics.quoted_count} />
                <Total value={stats().quotes_count} name={t().statistics.quotes_count} />
              </div>
            )}
          </Show>
          <div class="grid">
            <Show when={data().profile}>
              {(profile) => (
                <section class="card">
                  <h2>{t().user.profileTitle}</h2>
                  <dl class="facts">
                    <Fact name={t().user.registered}>
                      {profile().registered && shortDay(profile().registered ?? "")}
                    </Fact>
                    <Fact name={t().user.lastSeen}>
                      {profile().last_seen ? shortDay(profile().last_seen ?? "") : t().user.secret}
                    </Fact>
                    <Fact name={t().user.tier}>{profile().tier}</Fact>
                    <Fact name={t().user.state}>
                      {profile().account_state && state(profile().account_state ?? "")}
                      <Show when={profile().locked_until}>{(until) => <> {t().user.until(shortDay(until()))}</>}</Show>
                    </Fact>
                  </dl>
                </section>
              )}
            </Show>
            <Show when={data().boards.length > 0}>
              <section class="card">
                <h2>{t().user.boards}</h2>
                <ul class="ranking">
                  <For each={data().boards.slice(0, 5)}>
                    {(board) => (
                      <li>
                        <span>{board.name}</span>
                        <span class="share-column">
                          <span
                            class="share"
                            style={{ width: `${(7 * board.post_count) / (data().boards[0]?.post_count ?? 1)}rem` }}
                          />
                        </span>
                        <span class="number">{number(board.post_count)}</span>
                      </li>
                    )}
                  </For>
                </ul>
              </section>
            </Show>
          </div>
        </>
      )}
    </Loaded>
  );
}

/** A line of the profile, unless the profile leaves it out. */
const Fact = (props: { name: string; children: JSX.Element }) => (
  <Show when={props.children}>
    <div>
      <dt>{props.name}</dt>
      <dd>{props.children}</dd>
    </div>
  </Show>
);
