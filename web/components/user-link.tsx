import { Show } from "solid-js";
import type { User } from "../api.ts";
import { useFilters } from "../filters.ts";
import { displayName } from "../display-name.ts";

/** A link to a user's page, optionally with the user's former names. */
export function UserLink(props: { user: User; aliases?: boolean }) {
  const filters = useFilters();
  return (
    <>
      <a href={filters.link(`/users/${props.user.uid}`)}>{displayName(props.user)}</a>
      <Show when={props.aliases && props.user.aliases.length > 0}>
        {" "}
        <span class="aliases">{props.user.aliases.join(", ")}</span>
      </Show>
    </>
  );
}
