import { createMemo, createResource } from "solid-js";
import { answer, api, type Cohorts } from "../../api.ts";
import { Gaps } from "../../components/gaps.tsx";
import { Empty, Loaded } from "../../components/loaded.tsx";
import { Page } from "../../components/page.tsx";
import { useFilters } from "../../filters.ts";
import { texts } from "../../i18n/index.ts";
import { cohortsOf, yearsOf } from "./cohorts.ts";
import { lineColors } from "./colors.ts";
import { CohortLines } from "./lines.tsx";
import { CohortPosts } from "./posts.tsx";
import { Triangle } from "./triangle.tsx";

const text = texts({
  de: { lead: "Wer blieb? Alle nach dem Jahr ihres ersten Posts, und wie viele davon später noch schrieben." },
  en: { lead: "Who stayed? Everyone by the year of their first post, and how many of them were still writing later." },
});

/** Users by the year of their first post: how many stay, and how much they write. */
export default function CohortsPage() {
  const filters = useFilters();
  const [cohorts, { refetch }] = createResource(
    () => filters.only("bid"),
    (query) => answer(api.cohorts.$get({ query })),
  );
  return (
    <Page lead={text().lead}>
      <Loaded resource={cohorts} refetch={refetch} height="90rem">
        {(data) => (
          <Empty when={data().rows.length === 0}>
            <Found rows={data().rows} />
          </Empty>
        )}
      </Loaded>
    </Page>
  );
}

function Found(props: { rows: Cohorts["rows"] }) {
  const cohorts = createMemo(() => cohortsOf(props.rows));
  const years = createMemo(() => yearsOf(cohorts()));
  return (
    <div class="cohorts" style={lineColors(cohorts().length)}>
      <Gaps years={years()} />
      <Triangle cohorts={cohorts()} years={years()} />
      <CohortLines cohorts={cohorts()} years={years()} />
      <CohortPosts cohorts={cohorts()} years={years()} />
    </div>
  );
}
