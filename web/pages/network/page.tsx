import { useNavigate, useSearchParams } from "@solidjs/router";
import { createMemo, createResource } from "solid-js";
import { answer, api, type SocialGraph } from "../../api.ts";
import { Card } from "../../components/card.tsx";
import { savePng } from "../../components/download.ts";
import { lazyComponent } from "../../components/lazy.tsx";
import { dataOf, Empty, Loaded } from "../../components/loaded.tsx";
import { CsvLink, Page } from "../../components/page.tsx";
import { pictureOf, selected } from "../../components/picture.ts";
import { Table } from "../../components/table.tsx";
import { UserLink } from "../../components/user-link.tsx";
import { useFilters } from "../../filters.ts";
import { number, t, texts } from "../../i18n/index.ts";
import { idOf } from "../../parameters.ts";

const text = texts({
  de: {
    title: "Wer zitiert wen?",
    lead: "Wer sich oft gegenseitig zitiert, steht nah beieinander.",
    picture: (count: number) => `Netz der ${number(count)} häufigsten Zitate; die Tabelle darunter nennt die Zahlen`,
    hint: "Größe: Posts. Farbe: Zitiergruppen. Ziehen verschiebt das Netz, das Mausrad mit Strg vergrößert es, ein Klick öffnet den Nutzer.",
    strongest: "Die häufigsten Zitate",
    quoter: "Wer",
    quoted: "zitiert wen",
  },
  en: {
    title: "Who quotes whom?",
    lead: "People who often quote each other are close together.",
    picture: (count) => `Network of the ${number(count)} most frequent quotes; the table below has the numbers`,
    hint: "Size: posts. Color: quoting circles. Drag to move, Ctrl and the mouse wheel to zoom, click to open a user.",
    strongest: "Most frequent quotes",
    quoter: "Who",
    quoted: "quotes whom",
  },
});

/** Maximum number of edges in the picture, and of rows in the table. */
const maxEdges = 1500;
const maxRows = 200;

/** Sigma is large: it is loaded when this page is opened. */
const NetworkView = lazyComponent(() => import("./view.tsx"), "36rem");

/** Who quotes whom, as a picture and as a table, most frequent first. */
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
    answer(api["social-graph"].$get({ query: { ...query, limit: String(maxEdges) } })),
  );
  return (
    <Page
      title={text().title}
      lead={text().lead}
      tools={<CsvLink path="social-graph" query={{ ...filters.query(), limit: "10000" }} />}
    >
      <Loaded resource={edges} refetch={refetch} height="40rem">
        {(data) => (
          <Empty when={data().rows.length === 0}>
            <section class="card">
              <NetworkView
                label={text().picture(data().rows.length)}
                edges={data().rows}
                postCounts={postCounts()}
                from={Number(idOf(parameters["from"]))}
                uid={Number(idOf(parameters["uid"]))}
                keep={(next) => setParameters(next, { replace: true })}
                open={(uid) => navigate(filters.link(`/users/${uid}`), { resolve: false })}
                save={(canvas, from) => {
                  const caption = [selected("year"), from, "pOTstats"].filter(Boolean).join(" · ");
                  void savePng("network", pictureOf(canvas, text().title, caption));
                }}
              />
              <p class="hint">{text().hint}</p>
            </section>
            <Strongest rows={data().rows.slice(0, maxRows)} />
          </Empty>
        )}
      </Loaded>
    </Page>
  );
}

const Strongest = (props: { rows: SocialGraph["rows"] }) => (
  <Card title={text().strongest}>
    <Table
      caption={text().title}
      rows={props.rows}
      columns={[
        { name: text().quoter, isHeader: true, cell: (row) => <UserLink user={row.from} /> },
        { name: text().quoted, cell: (row) => <UserLink user={row.to} /> },
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
