import { createResource } from "solid-js";
import { answer, api } from "../api.ts";
import { saveCsv } from "../components/download.ts";
import { Empty, Loaded } from "../components/loaded.tsx";
import { Page } from "../components/page.tsx";
import { Table } from "../components/table.tsx";
import { UserLink } from "../components/user-link.tsx";
import { useFilters } from "../filters.ts";
import { number, t } from "../i18n/index.ts";

const limit = "200";

/** Who quotes whom, the strongest first. */
export default function SocialGraphPage() {
  const filters = useFilters();
  const [edges, { refetch }] = createResource(filters.year, (year) =>
    answer(api["social-graph"].$get({ query: { limit, ...(year ? { year } : {}) } })),
  );
  return (
    <Page
      title={t().network.title}
      lead={t().network.lead}
      tools={
        <button
          type="button"
          class="button quiet"
          onClick={() =>
            saveCsv("quotes", [
              ["from_uid", "from", "to_uid", "to", "count"],
              ...(edges.latest?.rows ?? []).map((row) => [
                row.from.uid,
                row.from.name,
                row.to.uid,
                row.to.name,
                row.count,
              ]),
            ])
          }
        >
          {t().csv}
        </button>
      }
    >
      <Loaded resource={edges} refetch={refetch} height="40rem">
        {(data) => (
          <Empty when={data().rows.length === 0}>
            <section class="card">
              <Table
                caption={t().network.title}
                rows={data().rows}
                columns={[
                  { name: t().columns.user, isHeader: true, cell: (row) => <UserLink user={row.from} /> },
                  { name: `${t().columns.from} ${t().columns.to}`, cell: (row) => <UserLink user={row.to} /> },
                  {
                    name: t().columns.share,
                    isShare: true,
                    cell: (row) => <span class="share" style={{ width: `${10 * row.intensity}rem` }} />,
                  },
                  { name: t().columns.count, isNumber: true, cell: (row) => number(row.count) },
                ]}
              />
            </section>
          </Empty>
        )}
      </Loaded>
    </Page>
  );
}
