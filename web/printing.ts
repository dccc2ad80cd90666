/** While the page is printed: light, and with all rows that have been loaded. */
import { createRoot, createSignal } from "solid-js";

const [isPrinting, setPrinting] = createRoot(() => createSignal(false));

export { isPrinting };

const root = document.documentElement;
let theme: string | undefined;

window.addEventListener("beforeprint", () => {
  theme = root.dataset["theme"];
  root.dataset["theme"] = "light";
  setPrinting(true);
});

window.addEventListener("afterprint", () => {
  if (theme === undefined) delete root.dataset["theme"];
  else root.dataset["theme"] = theme;
  setPrinting(false);
});
