import { Show } from "solid-js";
import type { User } from "../api.ts";
import { useFilters } from "../filters.ts";
import { nameOf } from "../display-name.ts";

/** A user's name as a link to their page, former names beside it on demand. */
export function UserLink(props: { user: User; aliases?: boolean }) {
  const filters = useFilters();
  return (
    <>
      <a href={filters.link(`/users/${props.user.uid}`)}>{nameOf(props.user)}</a>
      <Show when={props.aliases && props.user.aliases.length > 0}>
        {" "}
        <span class="aliases">{props.user.aliases.join(", ")}</span>
      </Show>
    </>
  );
}
