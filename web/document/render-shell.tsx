/**
 * Renders what the application shows before its code has arrived. The build runs this (plugin.ts), so the shell in the
 * document is made by the same components as the application.
 */
import { renderToString } from "solid-js/web";
import type { Language } from "../i18n/formats.ts";
import { pagePatternOf, pages } from "../pages.ts";

/** The pages, as far as the document needs to know them. */
export const documentPages = () =>
  pages.map(({ path, name, title, years }) => {
    const parameters = [...path.matchAll(/:(\w+)/g)].map(([, parameter]) => parameter);
    return { pattern: pagePatternOf(path), parameters, name, title, years };
  });

const ignore = () => {};

/** As much of a browser as the modules of the application use when they are loaded. */
const browser = {
  document: {
    baseURI: "http://localhost/",
    documentElement: { dataset: {} },
    title: "",
    addEventListener: ignore,
    removeEventListener: ignore,
  },
  location: { pathname: "/", search: "", hash: "" },
  localStorage: { getItem: () => null, setItem: ignore },
  sessionStorage: { getItem: () => null, setItem: ignore },
  history: { state: null },
  addEventListener: ignore,
  fetch: () => new Promise(ignore),
};

/** The application as it first renders: side bar, menu, and a skeleton of the page. */
export async function renderShell(language: Language): Promise<string> {
  Object.assign(globalThis, browser, { window: globalThis });
  // Modules that create resources while they are loaded need a rendering to belong to.
  renderToString(() => "");
  const { App } = await import("../app.tsx");
  const { setLanguage } = await import("../i18n/index.ts");
  setLanguage(language);
  return renderToString(() => <App url="/" />);
}
