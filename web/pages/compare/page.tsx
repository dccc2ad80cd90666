import { useSearchParams } from "@solidjs/router";
import { createEffect, createMemo, createResource, For, on, Show } from "solid-js";
import { answer, api, type User } from "../../api.ts";
import { SeriesMarker } from "../../charts/series-marker.tsx";
import { dataOf, Loaded } from "../../components/loaded.tsx";
import { Page } from "../../components/page.tsx";
import { PairLinks } from "./pair-links.tsx";
import { UserBox } from "../../components/user-box.tsx";
import { UserLink } from "../../components/user-link.tsx";
import { useFilters } from "../../filters.ts";
import { texts } from "../../i18n/index.ts";
import { displayName } from "../../display-name.ts";
import { idOf } from "../../parameters.ts";
import { Comparison } from "./comparison.tsx";

const text = texts({
  de: {
    lead: "Bis zu sechs Nutzer in einem Diagramm.",
    add: "Nutzer hinzufügen",
    full: "Mehr als sechs Nutzer passen nicht in ein Diagramm.",
    nobody: "Noch niemand ausgewählt: einfach einen Namen in das Feld tippen.",
    remove: (name: string) => `${name} entfernen`,
  },
  en: {
    lead: "Up to six users in one chart.",
    add: "Add a user",
    full: "A chart has room for no more than six users.",
    nobody: "Nobody chosen yet: type a name into the box.",
    remove: (name) => `Remove ${name}`,
  },
});

/** Charts with more lines than this are unreadable. */
const maxUsers = 6;

/** Several users in one chart, by year. */
export default function ComparePage() {
  const filters = useFilters();
  const [parameters, setParameters] = useSearchParams<{ uid?: string | string[] }>();
  const uids = createMemo(
    () => [...new Set([parameters.uid ?? []].flat())].filter((uid) => idOf(uid) === uid).slice(0, maxUsers),
    [],
    { equals: (before, after) => before.join() === after.join() },
  );
  const [developments, { refetch }] = createResource(
    () => ({ uids: uids(), selection: filters.query() }),
    (source) =>
      Promise.all(
        source.uids.map((uid) => answer(api["poster-development"].$get({ query: { uid, ...source.selection } }))),
      ),
  );
  const set = (next: string[]) => setParameters({ uid: next });
  /** Where the focus goes once the others are shown again: to the next user's button, or to the box. */
  let vacated: number | undefined;
  const remove = (uid: string) => {
    vacated = uids().indexOf(uid);
    set(uids().filter((other) => other !== uid));
  };
  createEffect(
    on(
      () => dataOf(developments),
      () => {
        const at = vacated;
        if (at === undefined || developments.loading) return;
        vacated = undefined;
        requestAnimationFrame(() => {
          const buttons = document.querySelectorAll<HTMLElement>(".chosen-users button");
          (
            buttons[Math.min(at, buttons.length - 1)] ?? document.querySelector<HTMLElement>(".user-box input")
          )?.focus();
        });
      },
    ),
  );
  return (
    <Page
      lead={text().lead}
      tools={
        <Show when={uids().length < maxUsers} fallback={<p class="aliases">{text().full}</p>}>
          <UserBox label={text().add} choose={({ uid }) => set([...uids(), String(uid)])} />
        </Show>
      }
    >
      <Loaded resource={developments} refetch={refetch} height="36rem">
        {(data) => (
          <Show when={data().length > 0} fallback={<p class="card message">{text().nobody}</p>}>
            <ChosenUsers users={data().map(({ user }) => user)} remove={({ uid }) => remove(String(uid))} />
            <PairLinks users={data().map(({ user }) => user)} />
            <Comparison developments={data()} />
          </Show>
        )}
      </Loaded>
    </Page>
  );
}

/** The chosen users, with the color and shape of their lines. */
const ChosenUsers = (props: { users: User[]; remove: (user: User) => void }) => (
  <ul class="chosen-users">
    <For each={props.users}>
      {(user, index) => (
        <li class="card">
          <SeriesMarker series={index()} />
          <UserLink user={user} />
          <button
            type="button"
            class="button quiet"
            aria-label={text().remove(displayName(user))}
            onClick={() => props.remove(user)}
          >
            ×
          </button>
        </li>
      )}
    </For>
  </ul>
);
