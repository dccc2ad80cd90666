import { createMemo, Show } from "solid-js";
import { answer, api } from "../../api.ts";
import { pageSize, useEndlessRows, useServerOrder } from "../../components/endless-rows.ts";
import { Explanation } from "../../components/explanation.tsx";
import { Empty, Loaded } from "../../components/loaded.tsx";
import { CsvLink, Page } from "../../components/page.tsx";
import { texts } from "../../i18n/index.ts";
import { streakColumns, StreakTable } from "./table.tsx";

const text = texts({
  de: {
    lead: "Wer schrieb wie lange Tag für Tag, und wer verschwand und kam wieder?",
    running: "Nur Serien, die noch laufen.",
    pause: "Nur Nutzer, die schon einmal einen Tag ausgelassen haben.",
  },
  en: {
    lead: "Who wrote day after day, and who vanished and came back?",
    running: "Only streaks that are still running.",
    pause: "Only users who have skipped a day.",
  },
});

/** The streaks and pauses of all users, sorted by the server. */
export default function StreaksPage() {
  const [order, sortBy] = useServerOrder(streakColumns, "longest");
  const query = createMemo(() => ({ order_by: order().by, order: order().direction }));
  const list = useEndlessRows(query, (source) => answer(api.streaks.$get({ query: { ...source, limit: pageSize } })));
  /** Whom the order leaves out. */
  const missing = () => (order().by === "running" ? text().running : order().by === "pause" ? text().pause : "");
  return (
    <Page
      lead={text().lead}
      tools={
        <>
          <Explanation measures={["streaks"]} />
          <CsvLink path="streaks" query={{ ...query(), limit: "10000" }} />
        </>
      }
    >
      <Show when={missing()}>{(note) => <p class="aliases">{note()}</p>}</Show>
      <Loaded resource={list.first} refetch={list.refetch} height="100vh">
        {(data) => (
          <Empty when={data().rows.length === 0}>
            <StreakTable list={list} order={order()} sortBy={sortBy} />
          </Empty>
        )}
      </Loaded>
    </Page>
  );
}
