import { Show } from "solid-js";
import { Card } from "../../components/card.tsx";
import { PairLink } from "../../components/pair-link.tsx";
import { Table } from "../../components/table.tsx";
import { UserLink } from "../../components/user-link.tsx";
import { number, t, texts } from "../../i18n/index.ts";
import type { Network, Tie } from "./network.ts";

const text = texts({
  de: {
    strongest: "Die häufigsten Zitate",
    withPerson: (name: string) => `Zitate mit ${name}`,
    within: "Zitate in dieser Gruppe",
    quoter: "Wer",
    quoted: "zitiert wen",
    both: "Beide",
    first: (count: number) => `Die ersten ${number(count)}; alle stehen in der CSV-Datei.`,
  },
  en: {
    strongest: "Most frequent quotes",
    withPerson: (name) => `Quotes by and of ${name}`,
    within: "Quotes in this circle",
    quoter: "Who",
    quoted: "quotes whom",
    both: "Both",
    first: (count) => `The first ${number(count)}; the CSV file has all of them.`,
  },
});

/** Rows of the table. More would delay the picture on a slow machine. */
const maxRows = 100;

/** The numbers of the picture: of all ties that it shows, or of the selected person or circle. */
export function QuotesTable(props: {
  network: Network;
  ties: readonly Tie[];
  selected: number | undefined;
  circle: readonly number[] | undefined;
}) {
  /** Whose quotes are listed: the selected person's, or around a user this user's. */
  const subject = () => props.selected ?? (props.circle ? undefined : props.network.center);
  const title = () => {
    const at = subject();
    if (at !== undefined) return text().withPerson(props.network.people[at]?.name ?? "");
    return props.circle ? text().within : text().strongest;
  };
  const chosen = () => {
    const at = subject();
    if (at !== undefined) return props.ties.filter(({ from, to }) => from === at || to === at);
    const members = props.circle && new Set(props.circle);
    return members ? props.ties.filter(({ from, to }) => members.has(from) && members.has(to)) : props.ties;
  };
  const person = (at: number) => (
    <Show when={props.network.people[at]}>{(found) => <UserLink user={found().user} />}</Show>
  );
  const pair = ({ from, to }: Tie) => {
    const [one, other] = [props.network.people[from]?.user, props.network.people[to]?.user];
    return from !== to && one && other ? <PairLink one={one} other={other} /> : "";
  };
  return (
    <Card title={title()}>
      <Show when={chosen().length > 0} fallback={<p>{t().empty}</p>}>
        <Table
          caption={title()}
          rows={chosen().slice(0, maxRows)}
          columns={[
            { name: text().quoter, isHeader: true, cell: ({ from }) => person(from) },
            { name: text().quoted, cell: ({ to }) => person(to) },
            { name: t().columns.count, isNumber: true, cell: ({ count }) => number(count) },
            { name: text().both, cell: pair },
          ]}
        />
      </Show>
      <Show when={chosen().length > maxRows}>
        <p class="hint">{text().first(maxRows)}</p>
      </Show>
    </Card>
  );
}
