/** The application as a part of an export: it opens from disk, without a server. */
// First: the other modules request the status while they are loaded.
import "./environment.ts";
import { HashRouter } from "@solidjs/router";
import { render } from "solid-js/web";
import { routes } from "../app.tsx";
import { Page } from "../components/page.tsx";
import { de } from "../i18n/de.ts";
import { en } from "../i18n/en.ts";
import { texts } from "../i18n/index.ts";
import { Shell } from "../shell/shell.tsx";
import { absent } from "./responses.ts";
import "virtual:styles";

const text = texts({
  de: { noServer: "Das braucht einen Server und ist nicht Teil dieses Exports." },
  en: { noServer: "This needs a server, and is not part of this export." },
});

const notIncluded = {
  de: "Das ist nicht Teil dieses Exports: Er enthält jedes Jahr, jedes Forum und jeden Nutzer, aber nicht jede Kombination.",
  en: "This is not part of this export: it has every year, every board and every user, but not every combination.",
};

for (const [messages, message] of [
  [de, notIncluded.de],
  [en, notIncluded.en],
] as const) {
  const { other } = messages.failures;
  messages.failures.other = (status) => (status === absent ? message : other(status));
}

/** Pages that ask the search engine. */
const withoutServer = new Set(["search", "trends"]);

const NoServer = () => (
  <Page>
    <p class="card message">{text().noServer}</p>
  </Page>
);

/** Links to pages lead behind `#`, also in a new tab. */
function rewriteLinks(): void {
  for (const link of document.querySelectorAll("a[href^='/']")) {
    const path = link.getAttribute("href") ?? "";
    // What the API writes itself, such as CSV files, is not there.
    if (path.startsWith("/api/")) link.remove();
    else link.setAttribute("href", `#${path}`);
  }
}

new MutationObserver(rewriteLinks).observe(document, {
  subtree: true,
  childList: true,
  attributes: true,
  attributeFilter: ["href"],
});

document.addEventListener("click", (event) => {
  if (!(event.target as Element).closest("a.skip")) return;
  event.preventDefault();
  document.getElementById("content")?.focus();
});

const root = document.getElementById("app");
const pages = routes().map((route) =>
  withoutServer.has((route.info as { name?: string } | undefined)?.name ?? "")
    ? { ...route, component: NoServer }
    : route,
);
if (root) render(() => <HashRouter root={Shell}>{pages}</HashRouter>, root);
