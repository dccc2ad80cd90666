import { createMemo, Show } from "solid-js";
import type { Pair } from "../../api.ts";
import { HoursCard } from "../../components/hours-card.tsx";
import { displayName } from "../../display-name.ts";
import { number, texts } from "../../i18n/index.ts";

const text = texts({
  de: {
    title: (name: string) => `Wann ${name} schreibt`,
    common: (day: string, hour: number) => `Am ehesten treffen sie sich ${day} zwischen ${hour} und ${hour + 1} Uhr`,
    days: ["montags", "dienstags", "mittwochs", "donnerstags", "freitags", "samstags", "sonntags"],
    posts: (one: string, count: string, other: string, otherCount: string) =>
      `(${one}: ${count}, ${other}: ${otherCount} Posts).`,
    never: "Zur selben Stunde der Woche haben beide noch nie geschrieben.",
  },
  en: {
    title: (name) => `When ${name} writes`,
    common: (day, hour) => `They are most likely to meet on ${day} between ${hour}:00 and ${hour + 1}:00`,
    days: ["Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays"],
    posts: (one, count, other, otherCount) => `(${one}: ${count}, ${other}: ${otherCount} posts).`,
    never: "The two have never written in the same hour of the week.",
  },
});

type Side = Pair["user"];

/** The hour of the week in which both write most, by the smaller of the two numbers. */
function commonHour({ user, with: other }: Pair) {
  const others = new Map(other.hours.map((row) => [`${row.weekday} ${row.hour}`, row.post_count]));
  const both = user.hours.map((row) => ({
    day: Number(row.weekday) - 1,
    hour: row.hour,
    user: row.post_count,
    with: others.get(`${row.weekday} ${row.hour}`) ?? 0,
  }));
  const least = (row: (typeof both)[number]) => Math.min(row.user, row.with);
  const [most] = both.filter((row) => least(row) > 0).toSorted((a, b) => least(b) - least(a));
  return most;
}

/** The hours of both, side by side. */
export function PairHours(props: { pair: Pair }) {
  const common = createMemo(() => commonHour(props.pair));
  return (
    <section class="pair-hours">
      <p class="hint">
        <Show when={common()} fallback={text().never}>
          {(hour) => (
            <>
              {text().common(text().days[hour().day] ?? "", hour().hour)}{" "}
              {text().posts(
                displayName(props.pair.user.user),
                number(hour().user),
                displayName(props.pair.with.user),
                number(hour().with),
              )}
            </>
          )}
        </Show>
      </p>
      <div>
        <HoursOf side={props.pair.user} />
        <HoursOf side={props.pair.with} />
      </div>
    </section>
  );
}

const HoursOf = (props: { side: Side }) => {
  const name = () => displayName(props.side.user);
  return (
    <HoursCard
      title={text().title(name())}
      subject={name()}
      name={`pair-hours-${props.side.user.uid}`}
      everyYear
      isCompact
      rows={props.side.hours}
    />
  );
};
