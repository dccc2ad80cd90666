/**
 * The color scheme, following the system or the reader's stored choice. document/first-paint.js applies it before the
 * first paint.
 */
import { createRoot, createSignal } from "solid-js";

export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

const isTheme = (value: string | undefined): value is Theme => themes.includes(value as Theme);
const initial = document.documentElement.dataset["theme"];
const [theme, setSignal] = createRoot(() => createSignal<Theme>(isTheme(initial) ? initial : "system"));

export { theme };

export function setTheme(next: string): void {
  if (!isTheme(next)) return;
  setSignal(next);
  if (next === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = next;
  try {
    if (next === "system") localStorage.removeItem("theme");
    else localStorage.setItem("theme", next);
  } catch {
    // Storage may be blocked: the choice then lasts until the page is reloaded.
  }
}
