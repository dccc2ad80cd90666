import { createResource, Show } from "solid-js";
import { answer, api, type User } from "../../api.ts";
import { below } from "../../base.ts";
import { PairLink } from "../../components/pair-link.tsx";
import { TableCard } from "../../components/table-card.tsx";
import { UserLink } from "../../components/user-link.tsx";
import { useFilters } from "../../filters.ts";
import { number, t, texts } from "../../i18n/index.ts";

const text = texts({
  de: {
    quoting: "Zitiert am häufigsten",
    quoted_by: "Wird am häufigsten zitiert von",
    domains: "Verlinkt am häufigsten",
  },
  en: { quoting: "Quotes most often", quoted_by: "Most often quoted by", domains: "Links to most often" },
});

const limit = "10";

/** Whom a user quotes most, who quotes the user most, and the domains that the user links to most. */
export const UserQuotes = (props: { uid: string; name: string }) => (
  <div class="grid three">
    <QuotedUsers name={props.name} uid={props.uid} direction="quoting" />
    <QuotedUsers name={props.name} uid={props.uid} direction="quoted_by" />
    <LinkedDomains uid={props.uid} />
  </div>
);

function QuotedUsers(props: { uid: string; name: string; direction: "quoting" | "quoted_by" }) {
  const filters = useFilters();
  const query = () => ({ uid: props.uid, ...filters.query(), direction: props.direction });
  const [users, { refetch }] = createResource(query, (source) =>
    answer(api["user-quotes"].$get({ query: { ...source, limit } })),
  );
  return (
    <TableCard
      title={text()[props.direction]}
      resource={users}
      refetch={refetch}
      height="20rem"
      csv={{ path: "user-quotes", query: query() }}
      columns={[
        {
          name: t().columns.user,
          isHeader: true,
          cell: (row) => <Partner user={{ uid: Number(props.uid), name: props.name }} other={row.User} />,
        },
        { name: t().columns.count, isNumber: true, cell: (row) => number(row.count) },
      ]}
    />
  );
}

/** The other user, and a link to the page about both: nobody makes a pair alone. */
const Partner = (props: { user: Pick<User, "uid" | "name">; other: User }) => (
  <>
    <UserLink user={props.other} />{" "}
    <Show when={props.user.uid !== props.other.uid}>
      <PairLink one={props.user} other={props.other} />
    </Show>
  </>
);

/** The domains that a user links to most. The filter year applies, but not board: links are not counted by board. */
function LinkedDomains(props: { uid: string }) {
  const filters = useFilters();
  const query = () => ({ uid: props.uid, ...filters.only("year") });
  const [domains, { refetch }] = createResource(query, (source) =>
    answer(api["user-domains"].$get({ query: { ...source, limit } })),
  );
  return (
    <TableCard
      title={text().domains}
      ignores={["bid"]}
      resource={domains}
      refetch={refetch}
      height="20rem"
      csv={{ path: "user-domains", query: query() }}
      columns={[
        {
          name: t().columns.domain,
          isHeader: true,
          cell: ({ domain }) => (
            <a href={below(`/links?${new URLSearchParams({ ...filters.only("year"), domain })}`)}>{domain}</a>
          ),
        },
        { name: t().columns.count, isNumber: true, cell: (row) => number(row.count) },
      ]}
    />
  );
}
