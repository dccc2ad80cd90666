import { useNavigate } from "@solidjs/router";
import { For, onCleanup, onMount } from "solid-js";
import { useFilters } from "../filters.ts";
import { t, texts } from "../i18n/index.ts";

const text = texts({
  de: {
    title: "Tastenkürzel",
    search: "zur Suche, oder in das Suchfeld der Seite",
    years: "ein Jahr zurück, ein Jahr vor; bei „An diesem Tag“ einen Tag",
    help: "diese Übersicht",
    close: "schließen, Suche leeren",
  },
  en: {
    title: "Keyboard shortcuts",
    search: "go to the search, or to the page’s search box",
    years: "previous or next year; on “On this day” the previous or next day",
    help: "this overview",
    close: "close, clear the search",
  },
});

/** Keyboard shortcuts: `/` goes to the search, `[` and `]` step through years (year-chip.tsx) or days, `?` lists all. */
export function Shortcuts() {
  const navigate = useNavigate();
  const filters = useFilters();
  let dialog: HTMLDialogElement | undefined;
  const listen = (event: KeyboardEvent) => {
    const target = event.target as HTMLElement;
    if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName)) return;
    if (event.key === "/") {
      event.preventDefault();
      const box = document.querySelector<HTMLInputElement>("input[type=search]");
      if (box) box.focus();
      else navigate(filters.link("/search"), { resolve: false });
    } else if (event.key === "?") dialog?.showModal();
  };
  onMount(() => document.addEventListener("keydown", listen));
  onCleanup(() => document.removeEventListener("keydown", listen));
  const shortcuts = (): [key: string, effect: string][] => [
    ["/", text().search],
    ["[ ]", text().years],
    ["?", text().help],
    ["Esc", text().close],
  ];
  return (
    <dialog ref={(element) => (dialog = element)} aria-labelledby="keys-title">
      <h2 id="keys-title">{text().title}</h2>
      <table>
        <tbody>
          <For each={shortcuts()}>
            {([key, effect]) => (
              <tr>
                <th scope="row">
                  <For each={key.split(" ")}>{(each) => <kbd>{each}</kbd>}</For>
                </th>
                <td>{effect}</td>
              </tr>
            )}
          </For>
        </tbody>
      </table>
      <form method="dialog">
        <button type="submit" class="button">
          {t().close}
        </button>
      </form>
    </dialog>
  );
}
