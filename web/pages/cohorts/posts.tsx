import { createMemo } from "solid-js";
import type { Content } from "../../charts/content.ts";
import { Stream } from "../../charts/stream.tsx";
import { unfinishedYear } from "../../charts/unfinished.ts";
import { ChartCard } from "../../components/chart-card.tsx";
import { useFilters } from "../../filters.ts";
import { number, t, texts } from "../../i18n/index.ts";
import type { Cohort } from "./cohorts.ts";
import { fileOf } from "./files.ts";

const text = texts({
  de: {
    title: "Posts nach Jahrgang",
    hint: "Unten der älteste Jahrgang, oben der jüngste; je heller, desto jünger.",
    all: "Alle",
    year: (year: number, posts: string) => `${year}: ${posts}`,
    only: (year: number) => `Überblick über ${year}`,
  },
  en: {
    title: "Posts by cohort",
    hint: "The oldest cohort is at the bottom, the youngest at the top; the lighter, the younger.",
    all: "All",
    year: (year, posts) => `${year}: ${posts}`,
    only: (year) => `Overview of ${year}`,
  },
});

const posts = (count: number) => `${number(count)} ${t().units.posts(count)}`;

/** The posts of each year, by the cohort that wrote them, as stacked areas. */
export function CohortPosts(props: { cohorts: Cohort[]; years: number[] }) {
  const filters = useFilters();
  const countOf = (cohort: Cohort, year: number) => cohort.years.get(year)?.post_count ?? 0;
  const sumOf = (year: number) => props.cohorts.reduce((sum, cohort) => sum + countOf(cohort, year), 0);
  const content = createMemo<Content>(() => ({
    label: text().title,
    marks: props.years.map((year) => ({
      name: String(year),
      fullName: text().year(year, posts(sumOf(year))),
      values: props.cohorts.map((cohort) => countOf(cohort, year)),
      href: () => filters.link("/", { year: String(year) }),
      isUnfinished: year === unfinishedYear()?.year,
    })),
    series: props.cohorts.map(({ year }) => String(year)),
    valueText: number,
    actionText: (at) => text().only(props.years[at] ?? 0),
    isStacked: true,
  }));
  return (
    <ChartCard
      title={text().title}
      everyYear
      name="cohort-posts"
      explained={["cohorts"]}
      years={props.years}
      chart={
        <>
          <Stream content={content()} />
          <p class="hint">{text().hint}</p>
        </>
      }
      rows={props.years}
      columns={[
        { name: t().columns.year, isHeader: true, isShort: true, value: (year) => year, cell: (year) => year },
        { name: text().all, isNumber: true, value: sumOf, cell: (year) => number(sumOf(year)) },
        ...props.cohorts.map((cohort) => ({
          name: String(cohort.year),
          isNumber: true,
          value: (year: number) => countOf(cohort, year),
          cell: (year: number) => (cohort.years.has(year) ? number(countOf(cohort, year)) : ""),
        })),
      ]}
      csv={() => fileOf(props.cohorts)}
    />
  );
}
