import { createEffect, createMemo, createResource, on } from "solid-js";
import { answer, api } from "../../api.ts";
import { Bars } from "../../charts/bars.tsx";
import { unfinishedYear } from "../../charts/unfinished.ts";
import { withUnit } from "../../charts/units.ts";
import { ChartCard } from "../../components/chart-card.tsx";
import { DomainName } from "../../components/domain-name.tsx";
import { dataOf, Empty, Loaded } from "../../components/loaded.tsx";
import { TableCard } from "../../components/table-card.tsx";
import { UserLink } from "../../components/user-link.tsx";
import { useFilters } from "../../filters.ts";
import { number, t, texts } from "../../i18n/index.ts";
import { useYearLink } from "../../year-link.ts";
import type { LinkQuery } from "./query.ts";
import { typeNames, types } from "./types.ts";

const text = texts({
  de: {
    byYear: "Verlinkungen nach Jahr",
    users: "Wer darauf verlinkt",
    only: (year: number) => `Nur ${year} zeigen`,
    all: "Alle Jahre zeigen",
  },
  en: {
    byYear: "Links by year",
    users: "Who links to it",
    only: (year) => `Show ${year} only`,
    all: "Show all years",
  },
});

/** Links to one domain: by year, and by user. */
export function DomainDetails(props: { domain: string; type: LinkQuery["type"]; close: () => void }) {
  let top: HTMLElement | undefined;
  createEffect(
    on(
      () => props.domain,
      () => top?.scrollIntoView({ block: "nearest" }),
    ),
  );
  return (
    <section class="details" ref={(element) => (top = element)} aria-label={props.domain}>
      <header class="page-head">
        <h2>
          <DomainName domain={props.domain} />
        </h2>
        <button type="button" class="button quiet" onClick={() => props.close()}>
          {t().close}
        </button>
      </header>
      <div class="grid">
        <Years domain={props.domain} type={props.type} />
        <Linkers domain={props.domain} type={props.type} />
      </div>
    </section>
  );
}

function Years(props: { domain: string; type: LinkQuery["type"] }) {
  const [years, { refetch }] = createResource(
    () => props.domain,
    async (domain) => (await answer(api["domain-years"].$get({ query: { domain } }))).rows,
  );
  const filters = useFilters();
  const yearLink = useYearLink();
  const isChosen = (year: number) => filters.year() === String(year);
  const content = createMemo(() => ({
    label: `${props.domain}: ${text().byYear}`,
    marks: (dataOf(years) ?? []).map((row) => ({
      name: String(row.year),
      values: [row[props.type ?? "count"]],
      href: () => yearLink(String(row.year)),
      isChosen: isChosen(row.year),
      isUnfinished: unfinishedYear()?.year === row.year,
    })),
    series: [props.type ? typeNames()[props.type] : t().columns.count],
    valueText: (value: number) => withUnit("link_count", value),
    actionText: (at: number) => {
      const year = dataOf(years)?.[at]?.year ?? 0;
      return isChosen(year) ? text().all : text().only(year);
    },
  }));
  type Row = NonNullable<ReturnType<typeof years>>[number];
  return (
    <Loaded resource={years} refetch={refetch} height="24rem">
      {(rows) => (
        <Empty when={rows().length === 0}>
          <ChartCard
            title={text().byYear}
            subject={props.domain}
            everyYear
            ignores={["year", "uid"]}
            name="domain"
            explained={["link_count"]}
            years={rows().map(({ year }) => year)}
            chart={<Bars content={content()} />}
            rows={rows()}
            columns={[
              {
                name: t().columns.year,
                isHeader: true,
                isShort: true,
                cell: (row) => (
                  <a href={yearLink(String(row.year))} noScroll>
                    {row.year}
                  </a>
                ),
              },
              ...types.map((type) => ({
                name: typeNames()[type],
                isNumber: true,
                cell: (row: Row) => number(row[type]),
              })),
              { name: t().columns.count, isNumber: true, cell: (row) => number(row.count) },
            ]}
            csv={() => [
              ["year", ...types, "count"],
              ...rows().map((row) => [row.year, ...types.map((type) => row[type]), row.count]),
            ]}
          />
        </Empty>
      )}
    </Loaded>
  );
}

/** The users who link to the domain most in the selected year. */
function Linkers(props: { domain: string; type: LinkQuery["type"] }) {
  const filters = useFilters();
  const query = () => ({
    domain: props.domain,
    ...filters.only("year"),
    ...(props.type ? { type: props.type } : {}),
  });
  const [users, { refetch }] = createResource(query, (source) =>
    answer(api["user-domains"].$get({ query: { ...source, limit: "10" } })),
  );
  return (
    <TableCard
      title={text().users}
      ignores={["uid"]}
      resource={users}
      refetch={refetch}
      height="25.5rem"
      csv={{ path: "user-domains", query: { ...query(), limit: "10000" } }}
      columns={[
        { name: t().columns.user, isHeader: true, cell: (row) => <UserLink user={row.User} /> },
        { name: t().columns.count, isNumber: true, cell: (row) => number(row.count) },
      ]}
    />
  );
}
