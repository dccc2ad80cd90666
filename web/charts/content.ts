/** What every chart is made of: marks along an axis, each with a value for every series. */
import type { Scale } from "./scale.ts";

/** One place on the axis: a year, a weekday, a board or a domain. */
export interface Mark {
  /** On the axis: "2012", "Mo". */
  name: string;
  /** In the readout: "Montag". By default the same. */
  fullName?: string | undefined;
  /** One for each series; NaN if there is none. */
  values: number[];
  /** The address of what a series shows at this mark. */
  href?: ((series: number) => string) | undefined;
  /** Whether the page is filtered by this mark. */
  isChosen?: boolean | undefined;
  /** Whether the data ends within this period, so that its values will still grow. */
  isUnfinished?: boolean | undefined;
}

export interface Content {
  label: string;
  marks: Mark[];
  /** The name of each series. */
  series: string[];
  /** A value with its unit: "1 Post", "1.234 Posts". */
  valueText: (value: number) => string;
  /** What a click on a mark does: "Nur 2012 zeigen". Needed if the marks have addresses. */
  actionText?: ((at: number, series: number) => string) | undefined;
  /** Whether the series are on top of each other, the first at the bottom. */
  isStacked?: boolean;
  /** The scale of the values; by default a linear one. */
  scaleOf?: ((values: readonly number[], tickCount: number) => Scale) | undefined;
  /** A number at the axis; by default without a unit. */
  tickText?: ((value: number) => string) | undefined;
  /** What the readout says while the reader points at nothing. */
  idleText?: string | undefined;
}

export const fullNameOf = (mark: Mark): string => mark.fullName ?? mark.name;
