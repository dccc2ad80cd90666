import { Index, Show } from "solid-js";
import { number } from "../i18n/index.ts";
import { ColumnChart } from "./column-chart.tsx";
import type { Content } from "./content.ts";

/** The part of its column that a bar takes. */
const barShare = 0.76;
/** The width of a digit, in pixels. */
const digitWidth = 8;

/** A bar chart of one series. Unfinished bars are hatched. */
export const Bars = (props: { content: Content }) => (
  <ColumnChart content={props.content}>
    {({ step, center, y, bottom, pointed, hatch }) => (
      <Index each={props.content.marks}>
        {(mark, at) => {
          const value = () => mark().values[0] ?? 0;
          const width = () => step() * barShare;
          return (
            <>
              <rect
                class="bar"
                classList={{
                  unfinished: mark().isUnfinished ?? false,
                  pointed: pointed()?.at === at,
                  chosen: mark().isChosen ?? false,
                }}
                style={mark().isUnfinished ? { fill: hatch } : {}}
                x={center(at) - width() / 2}
                y={y(value())}
                width={width()}
                height={Math.max(0, bottom - y(value()))}
                rx={Math.min(3, width() / 4)}
              />
              {/* Only if it fits; the readout has it in any case. */}
              <Show when={pointed()?.at === at && number(value()).length * digitWidth < step()}>
                <text class="value" x={center(at)} y={y(value()) - 6} text-anchor="middle">
                  {number(value())}
                </text>
              </Show>
            </>
          );
        }}
      </Index>
    )}
  </ColumnChart>
);
