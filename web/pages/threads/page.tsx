import { createMemo, Show } from "solid-js";
import { answer, api } from "../../api.ts";
import { below } from "../../base.ts";
import { pageSize, useEndlessRows, useServerOrder } from "../../components/endless-rows.ts";
import { Empty, Loaded } from "../../components/loaded.tsx";
import { CsvLink, Page } from "../../components/page.tsx";
import { useFilters } from "../../filters.ts";
import { texts } from "../../i18n/index.ts";
import { Replies } from "./replies.tsx";
import { threadColumns, ThreadTable } from "./table.tsx";

const text = texts({
  de: {
    lead: "Was die Leute beschäftigt: wie schnell geantwortet wird, und wie lange ein Thread lebt.",
    search: "Threads suchen",
    unanswered: "Threads, auf die niemand geantwortet hat, fehlen in dieser Sortierung.",
    silent: "Threads mit nur einem Post fehlen in dieser Sortierung.",
  },
  en: {
    lead: "What people talk about: how soon they reply, and how long a thread lives.",
    search: "Search threads",
    unanswered: "This order leaves out threads to which nobody has replied.",
    silent: "This order leaves out threads with a single post.",
  },
});

/** How soon threads are answered, and all threads of the selection, sorted by the server. */
export default function ThreadsPage() {
  const filters = useFilters();
  const [order, sortBy] = useServerOrder(threadColumns, "post_count");
  const query = createMemo(() => ({ ...filters.query(), order_by: order().by, order: order().direction }));
  const list = useEndlessRows(query, (source) => answer(api.threads.$get({ query: { ...source, limit: pageSize } })));
  /** Which threads the order leaves out. */
  const missing = () =>
    ({ first_reply_s: text().unanswered, longest_silence_s: text().silent })[order().by as string] ?? "";
  const search = () => below(`/search?${new URLSearchParams({ type: "thread", ...filters.query() })}`);
  return (
    <Page
      lead={text().lead}
      tools={
        <>
          <a class="button" href={search()}>
            {text().search}
          </a>
          <CsvLink path="threads" query={{ ...query(), limit: "10000" }} />
        </>
      }
    >
      <Replies />
      <Show when={missing()}>{(note) => <p class="aliases">{note()}</p>}</Show>
      <Loaded resource={list.first} refetch={list.refetch} height="100vh">
        {(data) => (
          <Empty when={data().rows.length === 0}>
            <ThreadTable list={list} order={order()} sortBy={sortBy} />
          </Empty>
        )}
      </Loaded>
    </Page>
  );
}
