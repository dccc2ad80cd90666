import { below } from "../../base.ts";
import { Page } from "../../components/page.tsx";
import { texts } from "../../i18n/index.ts";

const text = texts({
  de: {
    title: "Diese Seite gibt es nicht",
    lead: "Vielleicht hilft die Suche oder der Überblick weiter.",
    overview: "Zum Überblick",
    search: "Zur Suche",
  },
  en: {
    title: "Page not found",
    lead: "The search or the overview may help.",
    overview: "Go to the overview",
    search: "Go to the search",
  },
});

export default function NotFoundPage() {
  return (
    <Page title={text().title} lead={text().lead}>
      <p class="tools">
        <a class="button" href={below("/")}>
          {text().overview}
        </a>
        <a class="button" href={below("/search")}>
          {text().search}
        </a>
      </p>
    </Page>
  );
}
