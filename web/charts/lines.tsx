import { Index, Show } from "solid-js";
import { ColumnChart } from "./column-chart.tsx";
import type { Content } from "./content.ts";
import { seriesColor, SeriesPoint } from "./series-marker.tsx";

/** Columns narrower than this have no points: they would hide the lines. In pixels. */
const leastStep = 11;

/** A line for each series, without the marks that have no value. The line to an unfinished mark is dashed. */
export const Lines = (props: { content: Content }) => (
  <ColumnChart content={props.content}>
    {({ center, step, y, pointed, bottom }) => {
      const marks = () => props.content.marks;
      const value = (at: number, series: number) => marks()[at]?.values[series] ?? NaN;
      const hasPoint = (at: number) => step() >= leastStep || pointed()?.at === at;
      const exists = (at: number, series: number) => !Number.isNaN(value(at, series));
      const point = (at: number, series: number) => `${center(at)},${y(value(at, series))}`;
      /** The last mark, if it is unfinished; otherwise there is none at this index. */
      const unfinished = () => (marks().at(-1)?.isUnfinished ? marks().length - 1 : marks().length);
      return (
        <>
          <Show when={pointed()}>
            {(at) => <line class="crosshair-line" x1={center(at().at)} x2={center(at().at)} y1={22} y2={bottom} />}
          </Show>
          <Index each={props.content.series}>
            {(name, series) => (
              <g class="series" classList={{ nearest: pointed()?.series === series }}>
                <polyline
                  points={marks()
                    .slice(0, unfinished())
                    .flatMap((_, at) => (exists(at, series) ? point(at, series) : []))
                    .join(" ")}
                  style={{ stroke: seriesColor(series) }}
                >
                  <title>{name()}</title>
                </polyline>
                <Show when={exists(unfinished() - 1, series) && exists(unfinished(), series)}>
                  <line
                    class="unfinished"
                    x1={center(unfinished() - 1)}
                    y1={y(value(unfinished() - 1, series))}
                    x2={center(unfinished())}
                    y2={y(value(unfinished(), series))}
                    style={{ stroke: seriesColor(series) }}
                  />
                </Show>
                <Index each={marks()}>
                  {(_, at) => (
                    <Show when={hasPoint(at) && exists(at, series)}>
                      <SeriesPoint
                        series={series}
                        x={center(at)}
                        y={y(value(at, series))}
                        radius={pointed()?.at === at ? 6 : 4}
                      />
                    </Show>
                  )}
                </Index>
              </g>
            )}
          </Index>
        </>
      );
    }}
  </ColumnChart>
);
