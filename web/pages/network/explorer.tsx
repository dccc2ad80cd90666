import { type Component, createMemo, createResource, createSignal, createUniqueId, Show } from "solid-js";
import { savePng } from "../../components/download.ts";
import { dataOf, Failed } from "../../components/loaded.tsx";
import { pictureOf } from "../../components/picture.ts";
import { selected as selectedFilter } from "../../components/selected.ts";
import { number, texts } from "../../i18n/index.ts";
import { useAddress } from "./address.ts";
import { Circles } from "./circles.tsx";
import { layoutOf } from "./layouts.ts";
import {
  circlesOf,
  maxCircles,
  type Network,
  partnersOf,
  peopleOf,
  positionOf,
  thresholds,
  tiesFrom,
} from "./network.ts";
import { QuotesTable } from "./quotes.tsx";
import { Readout } from "./readout.tsx";
import { Threshold, thresholdText } from "./threshold.tsx";
import type { ViewProps } from "./view.tsx";

const text = texts({
  de: {
    title: "Wer zitiert wen?",
    picture: (people: number, ties: number) =>
      `${number(people)} Nutzer und die ${number(ties)} häufigsten Zitate; die Tabelle darunter nennt die Zahlen`,
    meaning: "Größe: Posts. Farbe und Form: Zitiergruppen.",
    mouse: "Ein Klick wählt einen Nutzer, Ziehen verschiebt das Netz, Strg und Mausrad vergrößern es.",
    touch: "Antippen wählt einen Nutzer, zwei Finger verschieben und vergrößern das Netz.",
    keys: "Pfeiltasten führen von Nutzer zu Nutzer, Enter zeigt nur das Umfeld des ausgewählten, Esc führt zurück.",
  },
  en: {
    title: "Who quotes whom?",
    picture: (people, ties) =>
      `${number(people)} users and the ${number(ties)} most frequent quotes; the table below has the numbers`,
    meaning: "Size: posts. Color and shape: quoting circles.",
    mouse: "Click to select a user, drag to move, Ctrl and the mouse wheel to zoom.",
    touch: "Tap to select a user; move and zoom with two fingers.",
    keys: "Arrow keys go from user to user, Enter shows only that user’s circle, Esc goes back.",
  },
});

interface ExplorerProps {
  network: Network;
  view: Component<ViewProps>;
  /** Shows only a user's surroundings. */
  open: (uid: number) => void;
}

/** What is shown of a network, according to the URL. */
function useShown(props: ExplorerProps) {
  const address = useAddress();
  const [layout, { refetch }] = createResource(
    () => props.network,
    async (network) => ({ network, ...(await layoutOf(network)) }),
  );
  /** The layout of the present network, not of the former one. */
  const current = () => (dataOf(layout)?.network === props.network ? dataOf(layout) : undefined);
  const [preview, setPreview] = createSignal<number>();
  const steps = createMemo(() => thresholds(props.network));
  const from = createMemo(() => steps().find((count) => count >= (preview() ?? address.from())) ?? steps().at(-1) ?? 1);
  const ties = createMemo(() => tiesFrom(props.network, from()));
  const people = createMemo(() => peopleOf(ties(), props.network.center));
  const uidOf = (at: number) => props.network.people[at]?.user.uid ?? 0;
  const circles = createMemo(() => circlesOf(current()?.ranks ?? [], people()));
  const circle = createMemo(() =>
    circles().find(({ members }) => members.some((at) => uidOf(at) === address.circle())),
  );
  return {
    address,
    layout,
    refetch,
    current,
    steps,
    from,
    setPreview,
    ties,
    people,
    circles,
    circle,
    uidOf,
    selected: createMemo(() => positionOf(props.network, address.selected())),
    select: (at: number | undefined) =>
      address.set(at === undefined ? { selected: 0, circle: 0 } : { selected: uidOf(at) }),
  };
}

/** Where the arrow keys lead: around a user to the partners, else by posts; in a selected circle to its members. */
function pathOf(shown: ReturnType<typeof useShown>, { center }: Network): number[] {
  const members = shown.circle()?.members;
  if (members) return members;
  if (center === undefined) return shown.people();
  return [center, ...partnersOf(shown.ties(), center).map(({ at }) => at)];
}

/** Handles a key of the picture. @returns whether it had a meaning */
function press(key: string, shown: ReturnType<typeof useShown>, props: ExplorerProps): boolean {
  const path = pathOf(shown, props.network);
  const selected = shown.selected();
  const at = selected === undefined ? -1 : path.indexOf(selected);
  const targets: Record<string, number> = {
    ArrowRight: at + 1,
    ArrowDown: at + 1,
    ArrowLeft: Math.max(at, 0) - 1,
    ArrowUp: Math.max(at, 0) - 1,
    Home: 0,
    End: path.length - 1,
  };
  const target = targets[key];
  if (target !== undefined) shown.select(path[(target + path.length) % path.length]);
  else if (key === "Enter" && selected !== undefined && selected !== props.network.center)
    props.open(shown.uidOf(selected));
  else if (key === "Escape" && (selected !== undefined || shown.circle())) shown.select(undefined);
  else if (key === "Escape" && shown.address.uid() > 0) shown.address.set({ uid: 0, selected: shown.address.uid() });
  else return false;
  return true;
}

/** A network as a picture, with its controls, and the table of the same numbers. */
export function Explorer(props: ExplorerProps) {
  const hints = createUniqueId();
  const shown = useShown(props);
  const [canvas, setCanvas] = createSignal<HTMLCanvasElement>();
  const save = () => {
    const { center, people } = props.network;
    const subject = center === undefined ? "" : (people[center]?.name ?? "");
    const caption = [subject, selectedFilter("year"), thresholdText(shown.from()), "pOTstats"]
      .filter(Boolean)
      .join(" · ");
    const drawn = canvas();
    if (drawn) void savePng("network", pictureOf(drawn, text().title, caption));
  };
  return (
    <>
      <section class="card network-card">
        <div class="tools network-tools">
          <Threshold
            steps={shown.steps()}
            chosen={shown.from()}
            preview={shown.setPreview}
            choose={(from) => shown.address.set({ from })}
          />
          <button type="button" class="button quiet" disabled={!canvas()} onClick={save}>
            PNG
          </button>
        </div>
        <Show
          when={shown.layout.state !== "errored"}
          fallback={<Failed error={shown.layout.error} retry={() => void shown.refetch()} />}
        >
          <props.view
            label={text().picture(shown.people().length, shown.ties().length)}
            describedBy={hints}
            network={props.network}
            layout={shown.current()}
            ties={shown.ties()}
            people={shown.people()}
            selected={shown.selected()}
            circle={shown.circle()?.members}
            select={shown.select}
            press={(key) => press(key, shown, props)}
            ready={setCanvas}
          />
        </Show>
        <Readout
          network={props.network}
          ties={shown.ties()}
          selected={shown.selected()}
          isMissing={shown.address.selected() > 0 && shown.selected() === undefined}
          rank={(at) => shown.current()?.ranks[at] ?? maxCircles}
          open={() => props.open(shown.address.selected())}
          clear={() => shown.select(undefined)}
        />
        <Circles
          network={props.network}
          circles={shown.circles()}
          hasRest={shown.people().some((at) => shown.current()?.ranks[at] === maxCircles)}
          chosen={shown.circle()}
          choose={(circle) =>
            shown.address.set({ circle: circle ? shown.uidOf(circle.members[0] ?? 0) : 0, selected: 0 })
          }
        />
        <p class="hint" id={hints}>
          {text().meaning} <span class="for-mouse">{text().mouse}</span> <span class="for-touch">{text().touch}</span>{" "}
          <span class="for-mouse">{text().keys}</span>
        </p>
      </section>
      <QuotesTable
        network={props.network}
        ties={shown.ties()}
        selected={shown.selected()}
        circle={shown.circle()?.members}
      />
    </>
  );
}
