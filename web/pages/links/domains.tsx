import { useLocation } from "@solidjs/router";
import { createMemo, createResource } from "solid-js";
import { answer, api } from "../../api.ts";
import { Rows } from "../../charts/rows.tsx";
import { titleBy, titleOf, withUnit } from "../../charts/units.ts";
import { ChartCard } from "../../components/chart-card.tsx";
import { DomainName } from "../../components/domain-name.tsx";
import { dataOf, Empty, Loaded } from "../../components/loaded.tsx";
import { Share } from "../../components/share.tsx";
import { usePageTitle } from "../../current-page.ts";
import { number, percent, t, texts } from "../../i18n/index.ts";
import { limit, type LinkQuery, wholeLimit } from "./query.ts";

const text = texts({
  de: {
    open: (domain: string) => `${domain} im Einzelnen`,
    of: (share: string) => `${share} von allen`,
  },
  en: {
    open: (domain) => `${domain} in detail`,
    of: (share) => `${share} of all`,
  },
});

/** Maximum number of domains in the chart; the table has more, the file all. */
const maxBars = 20;

/** The address of this page with the numbers of one domain. */
export function useDomainLink(): (domain: string) => string {
  const location = useLocation();
  return (domain) => {
    const query = new URLSearchParams(location.search);
    query.set("domain", domain);
    return `${location.pathname}?${query}`;
  };
}

/** The domains that are linked to most often. */
export function Domains(props: { query: LinkQuery; chosen: string }) {
  const pageTitle = usePageTitle();
  const domainLink = useDomainLink();
  const [domains, { refetch }] = createResource(
    () => props.query,
    (query) => answer(api.domains.$get({ query: { limit, ...query } })),
  );
  const rows = () => dataOf(domains)?.rows ?? [];
  const total = () => dataOf(domains)?.total ?? 0;
  const title = () => titleBy("link_count", "domain");
  const content = createMemo(() => ({
    label: `${pageTitle()}: ${title()}`,
    marks: rows()
      .slice(0, maxBars)
      .map(({ domain, count }) => ({
        name: domain,
        values: [count],
        href: () => domainLink(domain),
        isChosen: props.chosen === domain,
      })),
    series: [titleOf("link_count")],
    valueText: (value: number) => `${withUnit("link_count", value)}, ${text().of(percent(value / (total() || 1)))}`,
    actionText: (at: number) => text().open(rows()[at]?.domain ?? ""),
  }));
  return (
    <Loaded resource={domains} refetch={refetch} height="44rem">
      {(data) => (
        <Empty when={data().rows.length === 0}>
          <ChartCard
            title={title()}
            name="domains"
            explained={["link_count"]}
            chart={<Rows content={content()} />}
            rows={data().rows}
            isPartial={data().rows.length >= Number(limit)}
            columns={[
              {
                name: t().columns.domain,
                isHeader: true,
                value: ({ domain }) => domain,
                cell: ({ domain }) => (
                  <a href={domainLink(domain)} noScroll>
                    <DomainName domain={domain} />
                  </a>
                ),
              },
              {
                name: t().columns.share,
                isShare: true,
                cell: ({ count }) => <Share part={count} whole={data().total} />,
              },
              {
                name: t().columns.count,
                isNumber: true,
                value: ({ count }) => count,
                cell: ({ count }) => number(count),
              },
            ]}
            csv={{ path: "domains", query: { ...props.query, limit: wholeLimit } }}
          />
        </Empty>
      )}
    </Loaded>
  );
}
