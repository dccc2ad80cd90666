import { createMemo, Show } from "solid-js";
import type { Content, Mark } from "../../charts/content.ts";
import { Lines } from "../../charts/lines.tsx";
import { unfinishedYear } from "../../charts/unfinished.ts";
import { ChartCard } from "../../components/chart-card.tsx";
import { Choice } from "../../components/page.tsx";
import { useChoice, useFilters } from "../../filters.ts";
import { number, percent, t, texts } from "../../i18n/index.ts";
import { plural } from "../../i18n/formats.ts";
import { type Cohort, shareOf } from "./cohorts.ts";
import { fileOf } from "./files.ts";

const text = texts({
  de: {
    titles: { age: "Noch da, nach Jahren seit dem ersten Post", year: "Noch da, nach Jahr" },
    choice: "Die Achse zeigt",
    choices: { age: "Jahre danach", year: "Kalenderjahre" },
    after: (years: number) => (years === 0 ? "im ersten Jahr" : `${years} ${plural(years, "Jahr", "Jahre")} danach`),
    none: "–",
    only: (year: number) => `Überblick über ${year}`,
    withoutLast: (year: number) => `${year} ist noch nicht vorbei und fehlt hier.`,
  },
  en: {
    titles: { age: "Still there, by years since the first post", year: "Still there, by year" },
    choice: "The axis shows",
    choices: { age: "Years after", year: "Calendar years" },
    after: (years) => (years === 0 ? "in the first year" : `${years} ${plural(years, "year", "years")} later`),
    none: "–",
    only: (year) => `Overview of ${year}`,
    withoutLast: (year) => `${year} is not over yet, and is left out here.`,
  },
});

const axes = ["age", "year"] as const;

/** Marks of years since the cohorts began, without the year that is not over: it would end each line with a fall. */
const marksByAge = (cohorts: readonly Cohort[], years: readonly number[]): Mark[] => {
  const unfinished = unfinishedYear()?.year;
  const longest = Math.max(...cohorts.map(({ years: own }) => own.size));
  const shareAfter = (cohort: Cohort, age: number) => {
    const year = cohort.year + age;
    return year === unfinished || !years.includes(year) ? NaN : 100 * shareOf(cohort, year);
  };
  return Array.from({ length: longest }, (_, age) => ({
    name: String(age),
    fullName: text().after(age),
    values: cohorts.map((cohort) => shareAfter(cohort, age)),
  })).filter(({ values }) => values.some((value) => !Number.isNaN(value)));
};

/** A line for each cohort: the share that is still there. */
export function CohortLines(props: { cohorts: Cohort[]; years: number[] }) {
  const filters = useFilters();
  const [axis, choose] = useChoice("axis", axes, "age");
  const marksByYear = (): Mark[] =>
    props.years.map((year) => ({
      name: String(year),
      values: props.cohorts.map((cohort) => 100 * shareOf(cohort, year)),
      href: () => filters.link("/", { year: String(year) }),
      isUnfinished: year === unfinishedYear()?.year,
    }));
  const content = createMemo<Content>(() => ({
    label: text().titles[axis()],
    marks: axis() === "age" ? marksByAge(props.cohorts, props.years) : marksByYear(),
    series: props.cohorts.map(({ year }) => String(year)),
    valueText: (value) => (Number.isNaN(value) ? text().none : percent(value / 100)),
    tickText: (value) => percent(value / 100),
    actionText: (at) => text().only(props.years[at] ?? 0),
  }));
  return (
    <ChartCard
      title={text().titles[axis()]}
      everyYear
      name="cohort-lines"
      explained={["cohorts"]}
      years={axis() === "age" ? [] : props.years}
      chart={
        <>
          <Choice
            label={text().choice}
            choices={axes}
            chosen={axis()}
            choose={choose}
            name={(choice) => text().choices[choice]}
          />
          <Lines content={content()} />
          <Show when={axis() === "age" && props.years.includes(unfinishedYear()?.year ?? 0)}>
            <p class="hint">{text().withoutLast(unfinishedYear()?.year ?? 0)}</p>
          </Show>
        </>
      }
      rows={props.years}
      columns={[
        { name: t().columns.year, isHeader: true, isShort: true, value: (year) => year, cell: (year) => year },
        ...props.cohorts.map((cohort) => ({
          name: String(cohort.year),
          isNumber: true,
          value: (year: number) => cohort.years.get(year)?.active_users ?? -1,
          cell: (year: number) => {
            const active = cohort.years.get(year)?.active_users;
            return active === undefined ? "" : `${number(active)} (${percent(shareOf(cohort, year))})`;
          },
        })),
      ]}
      csv={() => fileOf(props.cohorts)}
    />
  );
}
