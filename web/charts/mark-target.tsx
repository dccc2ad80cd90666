import { Index, Show } from "solid-js";
import type { Content } from "./content.ts";
import { spoken } from "./readout.tsx";
import { useScrollKeeping } from "./scroll-keeping.ts";
import type { Pointing } from "./use-marks.ts";

/** A rectangle of the drawing, in pixels. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/**
 * The areas of all marks, in front of the drawing.
 * @param props.boxOf the area of a mark: its whole column or row, so that they leave no gaps
 */
export const MarkTargets = (props: { content: Content; pointing: Pointing; boxOf: (at: number) => Box }) => (
  <Index each={props.content.marks}>
    {(mark, at) => (
      <MarkTarget
        at={at}
        href={mark().href?.(props.pointing.pointed()?.at === at ? (props.pointing.pointed()?.series ?? 0) : 0)}
        label={spoken(props.content, mark())}
        tabIndex={props.pointing.tabIndexOf(at)}
        isChosen={mark().isChosen ?? false}
        box={props.boxOf(at)}
      />
    )}
  </Index>
);

const Area = (props: { box: Box }) => (
  <rect x={props.box.x} y={props.box.y} width={props.box.width} height={props.box.height} />
);

/**
 * The area of a mark that answers pointer and keys: a link if the mark has an address.
 * @param props.label the accessible name: what the mark is, and all its values
 */
function MarkTarget(props: {
  at: number;
  href: string | undefined;
  label: string;
  tabIndex: number;
  isChosen: boolean;
  box: Box;
}) {
  const keepScroll = useScrollKeeping();
  return (
    <g>
      <Show
        when={props.href}
        fallback={
          <g class="target" role="img" aria-label={props.label} tabindex={props.tabIndex} data-mark={props.at}>
            <Area box={props.box} />
          </g>
        }
      >
        {/* Inside a <g>, so that the template's parser takes it for a link of SVG. */}
        {(href) => (
          <g>
            <a
              class="target"
              href={href()}
              ref={(link) => keepScroll(link, href())}
              aria-label={props.label}
              aria-current={props.isChosen ? "true" : undefined}
              tabindex={props.tabIndex}
              data-mark={props.at}
            >
              <Area box={props.box} />
            </a>
          </g>
        )}
      </Show>
    </g>
  );
}
