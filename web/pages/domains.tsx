import { useSearchParams } from "@solidjs/router";
import { createResource, Show } from "solid-js";
import { answer, api } from "../api.ts";
import { dataOf, Empty, Loaded } from "../components/loaded.tsx";
import { Choice, CsvLink, Page } from "../components/page.tsx";
import { Table } from "../components/table.tsx";
import { UserLink } from "../components/user-link.tsx";
import { single, useChoice, useFilters } from "../filters.ts";
import { number, t } from "../i18n/index.ts";
import { DomainDetails } from "./domain-years.tsx";

const types = ["all", "link", "image", "video"] as const;
const limit = "100";

/** What is linked, and who links it. */
export default function DomainsPage() {
  const filters = useFilters();
  const [type, choose] = useChoice("type", types, "all");
  const [parameters, setParameters] = useSearchParams();
  const Domain = (props: { name: string }) => (
    <button type="button" class="link" onClick={() => setParameters({ domain: props.name })}>
      {props.name}
    </button>
  );
  const query = () => {
    const chosen = type();
    return {
      limit,
      ...(filters.year() ? { year: filters.year() } : {}),
      ...(chosen === "all" ? {} : { type: chosen }),
    };
  };
  const [domains, { refetch }] = createResource(query, (asked) => answer(api.domains.$get({ query: asked })));
  const [users, { refetch: refetchUsers }] = createResource(query, (asked) =>
    answer(api["user-domains"].$get({ query: asked })),
  );
  const most = () => dataOf(domains)?.rows[0]?.count ?? 1;
  return (
    <Page
      title={t().links.title}
      lead={t().links.lead}
      tools={
        <Choice
          label={t().links.title}
          choices={types}
          chosen={type()}
          choose={choose}
          name={(choice) => t().links.types[choice]}
        />
      }
    >
      <Show when={single(parameters["domain"])}>
        {(domain) => <DomainDetails domain={domain()} close={() => setParameters({ domain: "" })} />}
      </Show>
      <div class="grid">
        <section class="card">
          <header>
            <h2>{t().links.byDomain}</h2>
            <CsvLink path="domains" query={{ ...query(), limit: "10000" }} />
          </header>
          <Loaded resource={domains} refetch={refetch} height="40rem">
            {(data) => (
              <Empty when={data().rows.length === 0}>
                <Table
                  caption={t().links.byDomain}
                  rows={data().rows}
                  columns={[
                    { name: t().columns.domain, isHeader: true, cell: (row) => <Domain name={row.domain} /> },
                    {
                      name: t().columns.share,
                      isShare: true,
                      cell: (row) => <span class="share" style={{ width: `${(5 * row.count) / most()}rem` }} />,
                    },
                    { name: t().columns.count, isNumber: true, cell: (row) => number(row.count) },
                  ]}
                />
              </Empty>
            )}
          </Loaded>
        </section>
        <section class="card">
          <header>
            <h2>{t().links.byUser}</h2>
            <CsvLink path="user-domains" query={{ ...query(), limit: "10000" }} />
          </header>
          <Loaded resource={users} refetch={refetchUsers} height="40rem">
            {(data) => (
              <Empty when={data().rows.length === 0}>
                <Table
                  caption={t().links.byUser}
                  rows={data().rows}
                  columns={[
                    { name: t().columns.user, isHeader: true, cell: (row) => <UserLink user={row.User} /> },
                    { name: t().columns.domain, cell: (row) => <Domain name={row.domain} /> },
                    { name: t().columns.count, isNumber: true, cell: (row) => number(row.count) },
                  ]}
                />
              </Empty>
            )}
          </Loaded>
        </section>
      </div>
    </Page>
  );
}
