/** Only on paper: where the page is from, and what was selected, because menu and filters are not printed. */
import { Show } from "solid-js";
import { selected } from "../components/selected.ts";
import { dateTime } from "../i18n/index.ts";
import { isPrinting } from "../printing.ts";

export const PrintHead = () => (
  <Show when={isPrinting()}>
    <p class="print-head">
      <b>pOTstats</b>
      <span>
        {[selected("year"), selected("bid"), location.host + location.pathname, dateTime(new Date())]
          .filter(Boolean)
          .join(" · ")}
      </span>
    </p>
  </Show>
);
