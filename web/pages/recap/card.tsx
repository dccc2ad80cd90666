import { For, Show } from "solid-js";
import { useWidth } from "../../charts/width.ts";
import { savePng } from "../../components/download.ts";
import { Table } from "../../components/table.tsx";
import { texts } from "../../i18n/index.ts";
import { isPrinting } from "../../printing.ts";
import { status } from "../../status.ts";
import { createSignal } from "solid-js";
import type { Part, RecapCard } from "./cards.ts";
import type { Shape } from "./figures.ts";
import { pictureOf, type Theme, themes } from "./picture.ts";
import { text as words } from "./texts.ts";

const text = texts({
  de: {
    table: "Zahlen als Tabelle",
    save: { light: "PNG hell", dark: "PNG dunkel" },
    saveTitle: "Als Bild speichern, zum Posten im Forum",
  },
  en: {
    table: "Numbers as a table",
    save: { light: "PNG light", dark: "PNG dark" },
    saveTitle: "Save as a picture, to post in the forum",
  },
});

/** Where the posts are: "forum.mods.de". */
const forumName = (): string => {
  const url = status()?.forum_url ?? "";
  return URL.canParse(url) ? new URL(url).host : url;
};

/** One card of the deck, with its table and its pictures. */
export function RecapCardView(props: {
  card: RecapCard;
  /** "2017 · Käseritter" */
  subject: string;
  /** The name of a saved picture, without the name of the card. */
  fileName: string;
}) {
  const [isOpen, setOpen] = createSignal(false);
  const title = () => words().titles[props.card.name];
  const save = (theme: Theme) =>
    void savePng(
      `${props.fileName}-${props.card.name}-${theme}`,
      pictureOf(props.card, props.subject, forumName(), theme),
      1,
    );
  return (
    <section class={`card recap-card recap-${props.card.name}`} aria-label={title()}>
      <h2>{title()}</h2>
      <div class="recap-body">
        <p class="recap-value" style={{ "--characters": String(Math.max(4, [...props.card.value.text].length)) }}>
          <b>
            <PartText part={props.card.value} />
          </b>{" "}
          <span>{props.card.unit}</span>
        </p>
        <For each={props.card.lines}>
          {(parts) => (
            <p>
              <For each={parts}>{(part) => <PartText part={part} />}</For>
            </p>
          )}
        </For>
        <Show when={props.card.facts}>
          {(facts) => (
            <dl class="recap-facts">
              <For each={facts()}>
                {(fact) => (
                  <div>
                    <dt>{fact.name}</dt>
                    <dd>
                      <b>{fact.value}</b> <small>{fact.before}</small>
                    </dd>
                  </div>
                )}
              </For>
            </dl>
          )}
        </Show>
      </div>
      <FigureView card={props.card} />
      <footer>
        <details onToggle={(event) => setOpen(event.currentTarget.open)} open={isPrinting()}>
          <summary>{text().table}</summary>
          <Show when={isOpen() || isPrinting()}>
            <Table
              caption={title()}
              rows={props.card.rows}
              columns={props.card.columns.map(({ name, isNumber = false }, at) => ({
                name,
                isNumber,
                isHeader: at === 0,
                cell: (row: Part[]) => <PartText part={row[at] ?? { text: "" }} />,
              }))}
            />
          </Show>
        </details>
        <div class="tools">
          <For each={themes}>
            {(theme) => (
              <button type="button" class="button quiet" title={text().saveTitle} onClick={() => save(theme)}>
                {text().save[theme]}
              </button>
            )}
          </For>
        </div>
      </footer>
    </section>
  );
}

const PartText = (props: { part: Part }) => (
  <Show when={props.part.href} fallback={props.part.text}>
    {(href) => <a href={href()}>{props.part.text}</a>}
  </Show>
);

const textSize = 13;

/** The card's picture, as wide as the card. The table has its numbers. */
function FigureView(props: { card: RecapCard }) {
  const [width, measure] = useWidth();
  const figure = () => (width() > 0 ? props.card.draw?.(width(), textSize) : undefined);
  return (
    <Show when={props.card.draw}>
      <div class="recap-figure" ref={measure}>
        <Show when={figure()}>
          {(drawing) => (
            <svg
              width={width()}
              height={drawing().height}
              viewBox={`0 0 ${width()} ${drawing().height}`}
              aria-hidden="true"
            >
              <For each={drawing().shapes}>{(shape) => <ShapeView shape={shape} />}</For>
            </svg>
          )}
        </Show>
      </div>
    </Show>
  );
}

function ShapeView(props: { shape: Shape }) {
  const { shape } = props;
  if (shape.kind === "path") return <path d={shape.d} fill={`var(--${shape.color})`} />;
  if (shape.kind === "rect")
    return (
      <rect
        x={shape.x}
        y={shape.y}
        width={shape.width}
        height={shape.height}
        rx={Math.min(3, shape.width / 5)}
        fill={`var(--${shape.color})`}
      />
    );
  return (
    <text x={shape.x} y={shape.y} text-anchor={shape.anchor} font-size={String(textSize)} fill="var(--ink-soft)">
      {shape.text}
    </text>
  );
}
