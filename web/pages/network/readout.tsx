import { For, Show } from "solid-js";
import { usePairAddress } from "../../components/pair-link.tsx";
import { UserLink } from "../../components/user-link.tsx";
import { number, t, texts } from "../../i18n/index.ts";
import { plural } from "../../i18n/formats.ts";
import { type Network, type Partner, partnersOf, type Tie } from "./network.ts";
import { Shape } from "./shape.tsx";

const times = {
  de: (count: number) => `${number(count)}-mal`,
  en: (count: number) => `${number(count)} ${plural(count, "time", "times")}`,
};

const text = texts({
  de: {
    quotes: (name: string, count: number) => `Zitiert am häufigsten ${name} (${times.de(count)}).`,
    quoted: (name: string, count: number) => `Wird am häufigsten von ${name} zitiert (${times.de(count)}).`,
    withCenter: (name: string, quotes: number, quoted: number) =>
      `Zitiert ${name} ${times.de(quotes)} und wird ${times.de(quoted)} zitiert.`,
    missing: "Der ausgewählte Nutzer kommt in den häufigsten Zitaten nicht vor.",
    none: "Keine Zitate in dieser Auswahl.",
    nobody: "Niemand ausgewählt.",
    out: "zitiert",
    into: "wird zitiert",
    around: "Nur das Umfeld zeigen",
    pair: (name: string) => `Zu zweit mit ${name}`,
    clear: "Auswahl aufheben",
  },
  en: {
    quotes: (name, count) => `Quotes ${name} most often (${times.en(count)}).`,
    quoted: (name, count) => `Is quoted most often by ${name} (${times.en(count)}).`,
    withCenter: (name, quotes, quoted) => `Quotes ${name} ${times.en(quotes)} and is quoted ${times.en(quoted)}.`,
    missing: "The selected user does not appear in the most frequent quotes.",
    none: "No quotes in this selection.",
    nobody: "Nobody selected.",
    out: "quotes",
    into: "is quoted",
    around: "Show only this user’s circle",
    pair: (name) => `As a pair with ${name}`,
    clear: "Clear the selection",
  },
});

type Direction = "quotes" | "quoted";

/** Whom a person quotes most, or who quotes the person most. */
function mostOf(partners: readonly Partner[], direction: Direction): Partner | undefined {
  const [first] = partners.toSorted((a, b) => b[direction] - a[direction]);
  return first && first[direction] > 0 ? first : undefined;
}

/** The center whose quotes with a person are told; undefined if those with all others are. */
const centerBeside = ({ center }: Network, partners: readonly Partner[], at: number): Partner | undefined =>
  center === at ? undefined : partners.find((partner) => partner.at === center);

/** Whom {@link sentences} names beside the person. */
function namedBeside(network: Network, partners: readonly Partner[], at: number): number[] {
  const center = centerBeside(network, partners, at);
  const named = center ? [center] : [mostOf(partners, "quotes"), mostOf(partners, "quoted")];
  return named.flatMap((partner) => partner?.at ?? []);
}

/** What the network says about a person. */
function sentences(network: Network, partners: readonly Partner[], at: number): string {
  const name = (person: number) => network.people[person]?.name ?? "";
  if (partners.length === 0) return text().none;
  const center = centerBeside(network, partners, at);
  if (center) return text().withCenter(name(center.at), center.quotes, center.quoted);
  const most = (direction: Direction) => {
    const partner = mostOf(partners, direction);
    return partner ? text()[direction](name(partner.at), partner[direction]) : "";
  };
  return `${most("quotes")} ${most("quoted")}`.trim();
}

/** The selected person, spoken when another one is selected. */
export function Readout(props: {
  network: Network;
  ties: readonly Tie[];
  selected: number | undefined;
  /** Whether someone is selected who is not in the picture. */
  isMissing: boolean;
  rank: (at: number) => number;
  /** Shows only this person's surroundings. */
  open: () => void;
  clear: () => void;
}) {
  const pairAddress = usePairAddress();
  /** Whom the text names beside the selected person. */
  const others = () => {
    const { network, selected } = props;
    const one = selected === undefined ? undefined : network.people[selected];
    if (selected === undefined || !one) return [];
    return [...new Set(namedBeside(network, partners(), selected))].flatMap((at) => {
      const other = network.people[at];
      return other ? [{ name: other.name, href: pairAddress(one.user.uid, other.user.uid) }] : [];
    });
  };
  const partners = () => (props.selected === undefined ? [] : partnersOf(props.ties, props.selected));
  return (
    <div class="network-readout">
      <p role="status">
        <Show when={props.selected !== undefined && props.network.people[props.selected]}>
          {(person) => (
            <>
              <Shape rank={props.rank(props.selected ?? 0)} /> <UserLink user={person().user} />
              {": "}
              {number(person().post_count)} {t().units.posts(person().post_count)}.{" "}
              {sentences(props.network, partners(), props.selected ?? 0)}
            </>
          )}
        </Show>
        <Show when={props.selected === undefined}>
          <span class="aliases">{props.isMissing ? text().missing : text().nobody}</span>
        </Show>
      </p>
      <Show when={props.selected !== undefined}>
        <p class="network-directions">
          <span class="out">{text().out}</span> <span class="into">{text().into}</span>
        </p>
      </Show>
      <Show when={props.selected !== undefined || props.isMissing}>
        <div class="tools">
          <Show when={props.isMissing || props.selected !== props.network.center}>
            <button type="button" class="button" onClick={() => props.open()}>
              {text().around}
            </button>
          </Show>
          <For each={others()}>
            {(other) => (
              <a class="button" href={other.href}>
                {text().pair(other.name)}
              </a>
            )}
          </For>
          <button type="button" class="button quiet" onClick={() => props.clear()}>
            {text().clear}
          </button>
        </div>
      </Show>
    </div>
  );
}
