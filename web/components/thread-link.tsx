import { Show } from "solid-js";
import type { Thread } from "../api.ts";
import { useFilters } from "../filters.ts";

/** What to call a thread: some titles are empty, or become so when their markup is repaired. */
export const threadTitle = ({ tid, title }: Pick<Thread, "tid" | "title">): string =>
  title.trim() === "" ? `#${tid}` : title;

/** A link to a thread's page, optionally with the thread's subtitle. */
export function ThreadLink(props: { thread: Thread; subtitle?: boolean }) {
  const filters = useFilters();
  return (
    <>
      <a href={filters.link(`/threads/${props.thread.tid}`)}>{threadTitle(props.thread)}</a>
      <Show when={props.subtitle && props.thread.subtitle}>
        {" "}
        <span class="aliases">{props.thread.subtitle}</span>
      </Show>
    </>
  );
}
