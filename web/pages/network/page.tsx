import { useNavigate, useSearchParams } from "@solidjs/router";
import { createMemo, createResource } from "solid-js";
import { answer, api, type SocialGraph } from "../../api.ts";
import { Card } from "../../components/card.tsx";
import { savePng } from "../../components/download.ts";
import { later } from "../../components/later.tsx";
import { dataOf, Empty, Loaded } from "../../components/loaded.tsx";
import { CsvLink, Page } from "../../components/page.tsx";
import { pictureOf, selected } from "../../components/picture.ts";
import { Table } from "../../components/table.tsx";
import { UserLink } from "../../components/user-link.tsx";
import { useFilters } from "../../filters.ts";
import { number, t } from "../../i18n/index.ts";
import { idOf } from "../../parameters.ts";

/** Edges of the picture, and rows of the table. */
const mostEdges = 1500;
const mostRows = 200;

/** Sigma is large: it is loaded when this page is opened. */
const NetworkView = later(() => import("./view.tsx"), "36rem");

/** Who quotes whom: as a picture, and as a table with the strongest first. */
export default function NetworkPage() {
  const filters = useFilters();
  const navigate = useNavigate();
  const [parameters, setParameters] = useSearchParams();
  const [users] = createResource(filters.query, (query) =>
    answer(api["poster-stats"].$get({ query: { ...query, limit: "5000" } })),
  );
  const postCounts = createMemo(
    () => new Map(dataOf(users)?.rows.map(({ User, post_count }) => [User.uid, post_count])),
  );
  const [edges, { refetch }] = createResource(filters.query, (query) =>
    answer(api["social-graph"].$get({ query: { ...query, limit: String(mostEdges) } })),
  );
  return (
    <Page
      title={t().network.title}
      lead={t().network.lead}
      tools={<CsvLink path="social-graph" query={{ ...filters.query(), limit: "10000" }} />}
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
                uid={Number(idOf(parameters["uid"]))}
                keep={(next) => setParameters(next, { replace: true })}
                open={(uid) => navigate(filters.link(`/users/${uid}`), { resolve: false })}
                save={(canvas, from) => {
                  const about = [selected("year"), from, "pOTstats"].filter(Boolean).join(" · ");
                  void savePng("network", pictureOf(canvas, t().network.title, about));
                }}
              />
              <p class="hint">{t().network.hint}</p>
            </section>
            <Strongest rows={data().rows.slice(0, mostRows)} />
          </Empty>
        )}
      </Loaded>
    </Page>
  );
}

const Strongest = (props: { rows: SocialGraph["rows"] }) => (
  <Card title={t().network.strongest}>
    <Table
      caption={t().network.title}
      rows={props.rows}
      columns={[
        { name: t().columns.quoter, isHeader: true, cell: (row) => <UserLink user={row.from} /> },
        { name: t().columns.quoted, cell: (row) => <UserLink user={row.to} /> },
        {
          name: t().columns.share,
          isShare: true,
          cell: (row) => <span class="share" style={{ width: `${10 * row.intensity}rem` }} />,
        },
        { name: t().columns.count, isNumber: true, cell: (row) => number(row.count) },
      ]}
    />
  </Card>
);
