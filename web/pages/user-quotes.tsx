import { createResource, type JSX } from "solid-js";
import { answer, api, type User } from "../api.ts";
import { below } from "../base.ts";
import { Empty, Loaded } from "../components/loaded.tsx";
import { CsvLink } from "../components/page.tsx";
import { Table } from "../components/table.tsx";
import { UserLink } from "../components/user-link.tsx";
import { useFilters } from "../filters.ts";
import { number, t } from "../i18n/index.ts";

const limit = "10";

/** Whom one user quotes, by whom they are quoted, and what they link. */
export function UserQuotes(props: { uid: string }) {
  const filters = useFilters();
  const query = () => ({ uid: props.uid, ...filters.query() });
  const linked = () => ({ uid: props.uid, ...(filters.year() ? { year: filters.year() } : {}) });
  const quotes = (direction: "quoting" | "quoted_by") =>
    createResource(query, (asked) => answer(api["user-quotes"].$get({ query: { ...asked, direction, limit } })));
  const [quoting, { refetch: refetchQuoting }] = quotes("quoting");
  const [quotedBy, { refetch: refetchQuotedBy }] = quotes("quoted_by");
  const [domains, { refetch: refetchDomains }] = createResource(linked, (asked) =>
    answer(api["user-domains"].$get({ query: { ...asked, limit } })),
  );
  return (
    <div class="grid three">
      <Card title={t().user.quoting} csv={<CsvLink path="user-quotes" query={{ ...query(), direction: "quoting" }} />}>
        <Loaded resource={quoting} refetch={refetchQuoting} height="20rem">
          {(data) => <Users title={t().user.quoting} rows={data().rows} />}
        </Loaded>
      </Card>
      <Card
        title={t().user.quotedBy}
        csv={<CsvLink path="user-quotes" query={{ ...query(), direction: "quoted_by" }} />}
      >
        <Loaded resource={quotedBy} refetch={refetchQuotedBy} height="20rem">
          {(data) => <Users title={t().user.quotedBy} rows={data().rows} />}
        </Loaded>
      </Card>
      <Card title={t().user.domains} csv={<CsvLink path="user-domains" query={linked()} />}>
        <Loaded resource={domains} refetch={refetchDomains} height="20rem">
          {(data) => (
            <Empty when={data().rows.length === 0}>
              <Table
                caption={t().user.domains}
                rows={data().rows}
                columns={[
                  {
                    name: t().columns.domain,
                    isHeader: true,
                    cell: (row) => (
                      <a href={below(`/links?${new URLSearchParams({ domain: row.domain })}`)}>{row.domain}</a>
                    ),
                  },
                  { name: t().columns.count, isNumber: true, cell: (row) => number(row.count) },
                ]}
              />
            </Empty>
          )}
        </Loaded>
      </Card>
    </div>
  );
}

const Card = (props: { title: string; csv: JSX.Element; children: JSX.Element }) => (
  <section class="card">
    <header>
      <h2>{props.title}</h2>
      {props.csv}
    </header>
    {props.children}
  </section>
);

const Users = (props: { title: string; rows: { User: User; count: number }[] }) => (
  <Empty when={props.rows.length === 0}>
    <Table
      caption={props.title}
      rows={props.rows}
      columns={[
        { name: t().columns.user, isHeader: true, cell: (row) => <UserLink user={row.User} /> },
        { name: t().columns.count, isNumber: true, cell: (row) => number(row.count) },
      ]}
    />
  </Empty>
);
