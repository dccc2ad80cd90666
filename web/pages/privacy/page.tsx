import { For } from "solid-js";
import { Page } from "../../components/page.tsx";
import { texts } from "../../i18n/index.ts";

const paragraphs = texts({
  de: [
    "Diese Website setzt keine Cookies, bindet nichts von anderen Servern ein und zählt keine Besucher.",
    "Im Browser gespeichert werden nur die gewählte Sprache, das Farbschema und die letzten Suchen (localStorage) sowie, bis der Tab geschlossen wird, die Positionen, zu denen der Zurück-Knopf führt (sessionStorage). Nichts davon verlässt den Browser. Die letzten Suchen lassen sich auf der Suchseite einzeln oder zusammen löschen und ganz abschalten.",
    "Der Server protokolliert zu jeder Anfrage Zeitpunkt, Pfad, Status und Dauer, ohne IP-Adresse und ohne Suchbegriffe. Antworten werden zwischengespeichert, ohne Bezug zu Besuchern.",
    "Gespeichert sind öffentliche Beiträge des Forums: Texte, Namen, Zeiten, Profilangaben. Wer hier nicht vorkommen möchte, wendet sich an den Betreiber (siehe Impressum).",
  ],
  en: [
    "This website sets no cookies, embeds nothing from other servers and does not count visitors.",
    "Your browser stores only your choice of language and color scheme and your recent searches (localStorage) and, until the tab is closed, the positions that the back button returns to (sessionStorage). None of it leaves the browser. On the search page you can erase recent searches, one by one or all together, and turn them off.",
    "The server logs the time, path, status and duration of each request, without IP addresses or search terms. Responses are cached without any link to visitors.",
    "The database holds public posts of the forum: texts, names, times and profile data. If you do not want to appear here, please contact the operator (see Imprint).",
  ],
});

export default function PrivacyPage() {
  return (
    <Page>
      <section class="card prose">
        <For each={paragraphs()}>{(paragraph) => <p>{paragraph}</p>}</For>
      </section>
    </Page>
  );
}
