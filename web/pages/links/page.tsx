import { useLocation, useSearchParams } from "@solidjs/router";
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
    lead: "Die am häufigsten verlinkten Domains. Jeder Hostname zählt für sich: example.org und www.example.org sind zwei.",
    type: "Art der Verlinkung",
    all: "Alle",
    byDomain: "Domains",
    byUser: "Nutzer und Domains",
  },
  en: {
    lead: "The domains linked to most often. Each host name counts for itself: example.org and www.example.org are two.",
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
  uid?: string;
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
    return { ...filters.only("year"), ...filters.only("uid"), ...(chosen === "all" ? {} : { type: chosen }) };
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
        <Domains query={query()} />
        <UsersAndDomains query={query()} />
      </div>
    </Page>
  );
}

/** A link to the numbers of one domain, on this page. */
function DomainLink(props: { domain: string }) {
  const location = useLocation();
  const address = () => {
    const query = new URLSearchParams(location.search);
    query.set("domain", props.domain);
    return `${location.pathname}?${query}`;
  };
  return <a href={address()}>{props.domain}</a>;
}

function Domains(props: { query: Query }) {
  const [domains, { refetch }] = createResource(
    () => props.query,
    (query) => answer(api.domains.$get({ query: { limit, ...query } })),
  );
  const largest = () => dataOf(domains)?.rows[0]?.count ?? 1;
  return (
    <TableCard
      title={text().byDomain}
      resource={domains}
      sortName="domains"
      limit={Number(limit)}
      refetch={refetch}
      height="40rem"
      csv={{ path: "domains", query: { ...props.query, limit: wholeLimit } }}
      columns={[
        {
          name: t().columns.domain,
          isHeader: true,
          value: (row) => row.domain,
          cell: (row) => <DomainLink domain={row.domain} />,
        },
        {
          name: t().columns.share,
          isShare: true,
          cell: (row) => <ProportionBar count={row.count} largest={largest()} width_rem={5} />,
        },
        { name: t().columns.count, isNumber: true, value: (row) => row.count, cell: (row) => number(row.count) },
      ]}
    />
  );
}

function UsersAndDomains(props: { query: Query }) {
  const [users, { refetch }] = createResource(
    () => props.query,
    (query) => answer(api["user-domains"].$get({ query: { limit, ...query } })),
  );
  return (
    <TableCard
      title={text().byUser}
      resource={users}
      sortName="users"
      limit={Number(limit)}
      refetch={refetch}
      height="40rem"
      csv={{ path: "user-domains", query: { ...props.query, limit: wholeLimit } }}
      columns={[
        {
          name: t().columns.user,
          isHeader: true,
          value: (row) => row.User.name,
          cell: (row) => <UserLink user={row.User} />,
        },
        { name: t().columns.domain, value: (row) => row.domain, cell: (row) => <DomainLink domain={row.domain} /> },
        { name: t().columns.count, isNumber: true, value: (row) => row.count, cell: (row) => number(row.count) },
      ]}
    />
  );
}
