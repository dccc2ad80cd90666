import { useSearchParams } from "@solidjs/router";
import { createResource, Show } from "solid-js";
import { answer, api } from "../../api.ts";
import { dataOf } from "../../components/loaded.tsx";
import { Choice, Page } from "../../components/page.tsx";
import { ProportionBar } from "../../components/proportion-bar.tsx";
import { TableCard } from "../../components/table-card.tsx";
import { UserLink } from "../../components/user-link.tsx";
import { useChoice, useFilters } from "../../filters.ts";
import { number, t, texts } from "../../i18n/index.ts";
import { single } from "../../parameters.ts";
import { DomainDetails } from "./domain.tsx";
import { typeNames, types } from "./types.ts";

const text = texts({
  de: {
    lead: "Die am häufigsten verlinkten Domains.",
    type: "Art der Verlinkung",
    all: "Alle",
    byDomain: "Domains",
    byUser: "Nutzer und Domains",
  },
  en: {
    lead: "The domains linked to most often.",
    type: "Type of link",
    all: "All",
    byDomain: "Domains",
    byUser: "Users and domains",
  },
});

const choices = ["all", ...types] as const;

/** Maximum number of rows in a table, and in its file. */
const limit = "100";
const wholeLimit = "10000";

interface Query {
  year?: string;
  type?: (typeof types)[number];
}

/** Linked domains, and the users who link to them. */
export default function LinksPage() {
  const filters = useFilters();
  const [type, choose] = useChoice("type", choices, "all");
  const [parameters, setParameters] = useSearchParams();
  const open = (domain: string) => setParameters({ domain });
  const query = (): Query => {
    const chosen = type();
    return { ...filters.only("year"), ...(chosen === "all" ? {} : { type: chosen }) };
  };
  return (
    <Page
      lead={text().lead}
      tools={
        <Choice
          label={text().type}
          choices={choices}
          chosen={type()}
          choose={choose}
          name={(choice) => (choice === "all" ? text().all : typeNames()[choice])}
        />
      }
    >
      <Show when={single(parameters["domain"])}>
        {(domain) => <DomainDetails domain={domain()} close={() => open("")} />}
      </Show>
      <div class="grid">
        <Domains query={query()} open={open} />
        <UsersAndDomains query={query()} open={open} />
      </div>
    </Page>
  );
}

const DomainButton = (props: { domain: string; open: (domain: string) => void }) => (
  <button type="button" class="link" onClick={() => props.open(props.domain)}>
    {props.domain}
  </button>
);

function Domains(props: { query: Query; open: (domain: string) => void }) {
  const [domains, { refetch }] = createResource(
    () => props.query,
    (query) => answer(api.domains.$get({ query: { limit, ...query } })),
  );
  const largest = () => dataOf(domains)?.rows[0]?.count ?? 1;
  return (
    <TableCard
      title={text().byDomain}
      resource={domains}
      refetch={refetch}
      height="40rem"
      csv={{ path: "domains", query: { ...props.query, limit: wholeLimit } }}
      columns={[
        {
          name: t().columns.domain,
          isHeader: true,
          cell: (row) => <DomainButton domain={row.domain} open={props.open} />,
        },
        {
          name: t().columns.share,
          isShare: true,
          cell: (row) => <ProportionBar count={row.count} largest={largest()} width_rem={5} />,
        },
        { name: t().columns.count, isNumber: true, cell: (row) => number(row.count) },
      ]}
    />
  );
}

function UsersAndDomains(props: { query: Query; open: (domain: string) => void }) {
  const [users, { refetch }] = createResource(
    () => props.query,
    (query) => answer(api["user-domains"].$get({ query: { limit, ...query } })),
  );
  return (
    <TableCard
      title={text().byUser}
      resource={users}
      refetch={refetch}
      height="40rem"
      csv={{ path: "user-domains", query: { ...props.query, limit: wholeLimit } }}
      columns={[
        { name: t().columns.user, isHeader: true, cell: (row) => <UserLink user={row.User} /> },
        { name: t().columns.domain, cell: (row) => <DomainButton domain={row.domain} open={props.open} /> },
        { name: t().columns.count, isNumber: true, cell: (row) => number(row.count) },
      ]}
    />
  );
}
