import { type JSX, Show } from "solid-js";
import type { Content } from "./content.ts";
import { type Box, MarkTargets } from "./mark-target.tsx";
import { Readout } from "./readout.tsx";
import type { Pointing } from "./use-marks.ts";

/**
 * What all charts of marks share: the readout, the drawing, and targets for pointer and keys.
 * @param props.measure measures the width, which is 0 until it is known
 * @param props.boxOf the area of a mark
 * @param props.drawing called with the drawing
 * @param props.children what is drawn
 */
export const Plot = (props: {
  class: string;
  content: Content;
  pointing: Pointing;
  measure: (element: HTMLElement) => void;
  width: number;
  height: number;
  boxOf: (at: number) => Box;
  drawing?: (element: SVGSVGElement) => void;
  children: JSX.Element;
}) => (
  <div
    class={props.class}
    ref={(element) => {
      props.measure(element);
      props.pointing.attach(element);
    }}
  >
    <Readout content={props.content} pointing={props.pointing} />
    <Show when={props.width}>
      <svg
        ref={(element) => props.drawing?.(element)}
        class="chart"
        viewBox={`0 0 ${props.width} ${props.height}`}
        width={props.width}
        height={props.height}
        role="group"
        aria-label={props.content.label}
      >
        {props.children}
        <MarkTargets content={props.content} pointing={props.pointing} boxOf={props.boxOf} />
      </svg>
    </Show>
  </div>
);
