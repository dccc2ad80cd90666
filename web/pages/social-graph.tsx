import { useNavigate, useSearchParams } from "@solidjs/router";
import { createMemo, createResource } from "solid-js";
import { answer, api } from "../api.ts";
import { savePng } from "../components/download.ts";
import { later } from "../components/later.tsx";
import { dataOf, Empty, Loaded } from "../components/loaded.tsx";
import { CsvLink, Page } from "../components/page.tsx";
import { chosen, pictureOf } from "../components/picture.ts";
import { Table } from "../components/table.tsx";
import { UserLink } from "../components/user-link.tsx";
import { idOf, useFilters } from "../filters.ts";
import { number, t } from "../i18n/index.ts";

/** Edges in the picture, and rows in the table. */
const limit = 1500;
const rowLimit = 200;

/** The library that draws is large: it comes when this page is opened. */
const NetworkView = later(() => import("../charts/network-view.tsx"), "36rem");

/** Who quotes whom: as a picture, and as a table with the strongest first. */
export default function SocialGraphPage() {
  const filters = useFilters();
  const navigate = useNavigate();
  const [parameters, setParameters] = useSearchParams();
  const inYear = (): Record<string, string> => (filters.year() ? { year: filters.year() } : {});
  const [posters] = createResource(inYear, (year) =>
    answer(api["poster-stats"].$get({ query: { ...year, limit: "5000" } })),
  );
  const postCounts = createMemo(() => {
    return new Map(dataOf(posters)?.rows.map(({ User, post_count }) => [User.uid, post_count]));
  });
  const [edges, { refetch }] = createResource(inYear, (year) =>
    answer(api["social-graph"].$get({ query: { ...year, limit: String(limit) } })),
  );
  return (
    <Page
      title={t().network.title}
      lead={t().network.lead}
      tools={<CsvLink path="social-graph" query={{ ...inYear(), limit: "10000" }} />}
    >
      <Loaded resource={edges} refetch={refetch} height="40rem">
        {(data) => (
          <Empty when={data().rows.length === 0}>
            <section class="card">
              <NetworkView
                label={t().network.picture(number(data().rows.length))}
                edges={data().rows}
                postCounts={postCounts()}
                from={Number(idOf(parameters["from"]))}
                found={Number(idOf(parameters["uid"]))}
                keep={(next) => setParameters(next, { replace: true })}
                open={(uid) => navigate(filters.link(`/users/${uid}`), { resolve: false })}
                save={(drawn, from) => {
                  const about = [chosen("year"), from, "pOTstats"].filter(Boolean).join(" · ");
                  void savePng("network", pictureOf(drawn, t().network.title, about));
                }}
              />
              <p class="hint">{t().network.hint}</p>
            </section>
            <section class="card">
              <header>
                <h2>{t().network.strongest}</h2>
              </header>
              <Table
                caption={t().network.title}
                rows={data().rows.slice(0, rowLimit)}
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
