import { createRoot, createSignal } from "solid-js";

const query = matchMedia("(pointer: coarse)");
const [isTouch, setTouch] = createRoot(() => createSignal(query.matches));
query.addEventListener("change", () => setTouch(query.matches));

/** Whether the reader's main pointer is a thumb, which needs larger cells than a mouse. */
export { isTouch };
