import { createMemo } from "solid-js";
import { HeatMap } from "../../charts/heat-map.tsx";
import { unfinishedYear } from "../../charts/unfinished.ts";
import { ChartCard } from "../../components/chart-card.tsx";
import type { Column } from "../../components/table.tsx";
import { useFilters } from "../../filters.ts";
import { number, percent, texts } from "../../i18n/index.ts";
import { type Cohort, shadingOf, shareOf } from "./cohorts.ts";
import { fileOf } from "./files.ts";
import { keyOf, triangle } from "./layout.ts";

const text = texts({
  de: {
    title: "Wie viele noch da sind",
    label: "Anteil jedes Jahrgangs, der in einem Jahr noch schrieb: eine Zeile je Jahrgang, eine Spalte je Jahr",
    cell: (cohort: number, year: number, active: string, size: string) =>
      `Jahrgang ${cohort} im Jahr ${year}, ${active} von ${size} Leuten`,
    unfinished: "noch nicht vollständig",
    nobody: "niemand",
    more: (share: string) => `mehr als ${share}`,
    cohort: "Jahrgang",
    size: "Leute",
  },
  en: {
    title: "How many are still there",
    label: "Share of each cohort that was still writing in a year: a row for each cohort, a column for each year",
    cell: (cohort, year, active, size) => `Cohort of ${cohort} in ${year}, ${active} of ${size} people`,
    unfinished: "not complete yet",
    nobody: "nobody",
    more: (share) => `more than ${share}`,
    cohort: "Cohort",
    size: "People",
  },
});

/** The share of each cohort that is still there, by year: a heat map that is a triangle. */
export function Triangle(props: { cohorts: Cohort[]; years: number[] }) {
  const filters = useFilters();
  const byYear = createMemo(() => new Map(props.cohorts.map((cohort) => [cohort.year, cohort])));
  const share = (cohort: number, year: number) => {
    const found = byYear().get(cohort);
    return found ? shareOf(found, year) : NaN;
  };
  const values = createMemo(
    () =>
      new Map(
        props.cohorts.flatMap((cohort) =>
          [...cohort.years.keys()].map((year) => [keyOf(cohort.year, year), shareOf(cohort, year)] as const),
        ),
      ),
  );
  const shading = createMemo(() => shadingOf(props.cohorts));
  const name = (key: string) => {
    const [of = 0, year = 0] = key.split(" ").map(Number);
    const cohort = byYear().get(of);
    const active = cohort?.years.get(year)?.active_users ?? 0;
    const note = unfinishedYear()?.year === year ? ` (${text().unfinished})` : "";
    return text().cell(of, year, number(active), number(cohort?.size ?? 0)) + note;
  };
  const last = () => props.years.at(-1) ?? 0;
  return (
    <ChartCard
      title={text().title}
      everyYear
      name="cohorts"
      explained={["cohorts"]}
      years={props.years}
      chart={
        <HeatMap
          label={text().label}
          layout={(width) =>
            triangle(
              width,
              props.cohorts,
              props.years,
              (cohort, year) => percent(share(cohort, year)),
              unfinishedYear()?.year,
            )
          }
          values={values()}
          name={name}
          value={percent}
          shade={shading().shadeOf}
          legend={[text().nobody, text().more(percent(shading().darkest))]}
          yearHref={(year) => filters.link("/", { year: String(year) })}
          latest={keyOf(props.cohorts[0]?.year ?? 0, last())}
        />
      }
      rows={props.cohorts}
      columns={columnsOf(props.years)}
      csv={() => fileOf(props.cohorts)}
    />
  );
}

/** A column for each year. */
const columnsOf = (years: readonly number[]): Column<Cohort>[] => [
  {
    name: text().cohort,
    isHeader: true,
    isShort: true,
    value: ({ year }) => year,
    cell: ({ year }) => year,
  },
  { name: text().size, isNumber: true, value: ({ size }) => size, cell: ({ size }) => number(size) },
  ...years.map((year) => ({
    name: String(year),
    isNumber: true,
    value: (cohort: Cohort) => shareOf(cohort, year) || 0,
    cell: (cohort: Cohort) => (cohort.years.has(year) ? percent(shareOf(cohort, year)) : ""),
  })),
];
