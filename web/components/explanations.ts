import type { Measure } from "../charts/units.ts";
import { texts } from "../i18n/index.ts";

interface Explanation {
  definition: string;
  formula: string;
}

const de: Record<Measure, Explanation> = {
  post_count: {
    definition:
      "Alle Posts, deren Verfasser, Forum und Zeit bekannt sind. Der erste Post eines Threads zählt mit, versteckte Posts auch.",
    formula: "Anzahl der Posts",
  },
  active_users: {
    definition: "Nutzer, die im Zeitraum mindestens einen Post geschrieben haben. Jeder zählt einmal.",
    formula: "Anzahl verschiedener Verfasser",
  },
  edit_count: {
    definition:
      "Wie oft Posts nachträglich geändert wurden. Eine Änderung zählt an dem Tag, an dem der Post geschrieben wurde: Wann sie geschah, verrät das Forum nur für die letzte.",
    formula: "Summe der Bearbeitungen aller Posts",
  },
  avg_post_length: {
    definition: "Die mittlere Länge eines Posts, wie er im Forum gespeichert ist: mit Zitaten und Formatierung.",
    formula: "Zeichen aller Posts ÷ Anzahl der Posts, gerundet",
  },
  threads_created: {
    definition: "Neu eröffnete Threads. Ein Thread zählt zur Zeit seines ersten Posts und für dessen Verfasser.",
    formula: "Anzahl der ersten Posts von Threads",
  },
  quoted_count: {
    definition:
      "Wie oft Posts des Nutzers zitiert werden, auch von ihm selbst. Zitiert ein Post denselben Post mehrmals, zählt das einmal. Ein Zitat zählt in dem Jahr und Forum des zitierten Posts. Zitate in Zitaten zählen nicht.",
    formula: "Anzahl verschiedener Paare aus zitierendem und zitiertem Post",
  },
  quotes_count: {
    definition:
      "Wie oft der Nutzer Posts zitiert, auch eigene. Zitiert ein Post denselben Post mehrmals, zählt das einmal. Ein Zitat zählt in dem Jahr und Forum des zitierenden Posts. Zitate in Zitaten zählen nicht.",
    formula: "Anzahl verschiedener Paare aus zitierendem und zitiertem Post",
  },
  thread_count: {
    definition: "Threads des Forums, die im Zeitraum eröffnet wurden. Ein Thread zählt zur Zeit seines ersten Posts.",
    formula: "Anzahl der ersten Posts von Threads",
  },
  link_count: {
    definition:
      "Links, Bilder und Videos in Posts. Mehrere Verlinkungen in einem Post zählen einzeln. Was in Zitaten steht, zählt nicht. Der Anteil bezieht sich auf alle Domains der Auswahl.",
    formula: "Anzahl der Verlinkungen auf die Domain; Anteil: ÷ Anzahl aller Verlinkungen",
  },
};

const en: Record<Measure, Explanation> = {
  post_count: {
    definition:
      "All posts whose author, board and time are known. The first post of a thread counts, and so do hidden posts.",
    formula: "number of posts",
  },
  active_users: {
    definition: "Users who wrote at least one post in the period. Everyone counts once.",
    formula: "number of distinct authors",
  },
  edit_count: {
    definition:
      "How often posts were changed later. A change counts on the day on which the post was written: the forum tells the time of the last change only.",
    formula: "sum of the edits of all posts",
  },
  avg_post_length: {
    definition: "The average length of a post as the forum stores it: with quotes and formatting.",
    formula: "characters of all posts ÷ number of posts, rounded",
  },
  threads_created: {
    definition: "New threads. A thread counts at the time of its first post, and for the author of that post.",
    formula: "number of first posts of threads",
  },
  quoted_count: {
    definition:
      "How often posts of the user are quoted, also by the user. If a post quotes the same post several times, this counts once. A quote counts in the year and board of the quoted post. Quotes within quotes do not count.",
    formula: "number of distinct pairs of a quoting and a quoted post",
  },
  quotes_count: {
    definition:
      "How often the user quotes posts, also their own. If a post quotes the same post several times, this counts once. A quote counts in the year and board of the quoting post. Quotes within quotes do not count.",
    formula: "number of distinct pairs of a quoting and a quoted post",
  },
  thread_count: {
    definition: "Threads of the board that were started in the period. A thread counts at the time of its first post.",
    formula: "number of first posts of threads",
  },
  link_count: {
    definition:
      "Links, images and videos in posts. Several in one post count separately. Those inside quotes do not count. Shares are of all domains in the selection.",
    formula: "number of links to the domain; share: ÷ number of all links",
  },
};

/** What each statistic counts. Loaded with the dialog that shows it. */
export const explanations = texts({ de, en });
