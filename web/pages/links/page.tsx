import { useSearchParams } from "@solidjs/router";
import { createResource, Show } from "solid-js";
import { answer, api } from "../../api.ts";
import { DomainName } from "../../components/domain-name.tsx";
import { Choice, Page } from "../../components/page.tsx";
import { TableCard } from "../../components/table-card.tsx";
import { UserLink } from "../../components/user-link.tsx";
import { useChoice, useFilters } from "../../filters.ts";
import { number, t, texts } from "../../i18n/index.ts";
import { single } from "../../parameters.ts";
import { DomainDetails } from "./domain.tsx";
import { Domains, useDomainLink } from "./domains.tsx";
import { limit, type LinkQuery, wholeLimit } from "./query.ts";
import { typeNames, types } from "./types.ts";

const text = texts({
  de: {
    lead: "Die am häufigsten verlinkten Domains. Jeder Hostname zählt für sich: example.org und www.example.org sind zwei.",
    type: "Art der Verlinkung",
    all: "Alle",
    byUser: "Nutzer und Domains",
  },
  en: {
    lead: "The domains linked to most often. Each host name counts separately: example.org and www.example.org are two.",
    type: "Type of link",
    all: "All",
    byUser: "Users and domains",
  },
});

const choices = ["all", ...types] as const;

/** Linked domains, and the users who link to them. */
export default function LinksPage() {
  const filters = useFilters();
  const [type, choose] = useChoice("type", choices, "all");
  const [parameters, setParameters] = useSearchParams();
  const domain = () => single(parameters["domain"]);
  const query = (): LinkQuery => {
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
      <Show when={domain()}>
        {(opened) => (
          <DomainDetails domain={opened()} type={query().type} close={() => setParameters({ domain: "" })} />
        )}
      </Show>
      <div class="grid">
        <Domains query={query()} chosen={domain()} />
        <UsersAndDomains query={query()} />
      </div>
    </Page>
  );
}

function UsersAndDomains(props: { query: LinkQuery }) {
  const domainLink = useDomainLink();
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
      height="44rem"
      firstRows={16}
      csv={{ path: "user-domains", query: { ...props.query, limit: wholeLimit } }}
      columns={[
        {
          name: t().columns.user,
          isHeader: true,
          value: (row) => row.User.name,
          cell: (row) => <UserLink user={row.User} />,
        },
        {
          name: t().columns.domain,
          value: (row) => row.domain,
          cell: ({ domain: name }) => (
            <a href={domainLink(name)} noScroll>
              <DomainName domain={name} />
            </a>
          ),
        },
        { name: t().columns.count, isNumber: true, value: (row) => row.count, cell: (row) => number(row.count) },
      ]}
    />
  );
}
