import { createSignal, lazy, Show, Suspense } from "solid-js";
import type { Measure } from "../charts/units.ts";
import { texts } from "../i18n/index.ts";
import type { MemoryName } from "./memory-explanations.ts";

const text = texts({
  de: { how: "Zählweise", title: "Wie wird gezählt?" },
  en: { how: "How it’s counted", title: "How is this counted?" },
});

/** What the dialog can explain. */
export type Explained = Measure | MemoryName;

const load = () => import("./explanation-dialog.tsx");
const ExplanationDialog = lazy(load);

/** A button that opens a dialog about how statistics are counted. The dialog is loaded when the reader aims at it. */
export function Explanation(props: { measures: readonly Explained[] }) {
  const [isOpen, setOpen] = createSignal(false);
  let button: HTMLButtonElement | undefined;
  const close = () => {
    setOpen(false);
    button?.focus();
  };
  const preload = () => void load().catch(() => {});
  return (
    <>
      <button
        ref={(element) => (button = element)}
        type="button"
        class="button quiet"
        aria-haspopup="dialog"
        onPointerEnter={preload}
        onFocus={preload}
        onClick={() => setOpen(true)}
      >
        {text().how}
      </button>
      <Show when={isOpen()}>
        <Suspense>
          <ExplanationDialog measures={props.measures} title={text().title} close={close} />
        </Suspense>
      </Show>
    </>
  );
}
