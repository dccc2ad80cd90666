import { createEffect, onCleanup, Show } from "solid-js";
import { below } from "../base.ts";
import { language, texts } from "../i18n/index.ts";
import { status } from "../status.ts";

const text = texts({ de: { feed: "Feed" }, en: { feed: "Feed" } });

/**
 * A link to an Atom feed, also in the document's head for feed readers. Nothing if the operator has switched feeds off.
 * Until that is known, the link has its place.
 */
export function FeedLink(props: {
  /** "records" for /api/feeds/records */
  name: "records" | "milestones" | "search";
  /** What readers call it. */
  title: string;
  query: Record<string, string>;
}) {
  const href = () => {
    const query = new URLSearchParams({ ...props.query, ...(language() === "de" ? {} : { lang: language() }) });
    return below(`/api/feeds/${props.name}${query.size > 0 ? `?${query}` : ""}`);
  };
  const isOffered = () => status()?.feeds === true;
  createEffect(() => {
    if (!isOffered()) return;
    const link = Object.assign(document.createElement("link"), {
      rel: "alternate",
      type: "application/atom+xml",
      title: props.title,
      href: href(),
    });
    document.head.append(link);
    onCleanup(() => link.remove());
  });
  return (
    <Show when={status()?.feeds !== false}>
      <a
        class="button quiet"
        style={{ visibility: isOffered() ? undefined : "hidden" }}
        href={href()}
        rel="external"
        type="application/atom+xml"
        title={props.title}
      >
        <svg
          class="feed-icon"
          viewBox="0 0 20 20"
          fill="none"
          stroke="currentColor"
          stroke-width="2"
          aria-hidden="true"
        >
          <circle cx="5" cy="15" r="1.5" fill="currentColor" />
          <path d="M4 9.500a6.500 6.500 0 0 1 6.500 6.500M4 4a12 12 0 0 1 12 12" />
        </svg>
        {text().feed}
        <span class="sr-only">: {props.title}</span>
      </a>
    </Show>
  );
}
