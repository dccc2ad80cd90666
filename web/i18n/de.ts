import { plural } from "./formats.ts";

export const de = {
  filters: {
    filters: "Filter",
    year: "Jahr",
    years: "Jahre",
    board: "Forum",
    user: "Nutzer",
    all: { year: "alle Jahre", bid: "alle Foren", uid: "alle Nutzer" },
  },
  statistic: "Statistik",
  statistics: {
    post_count: "Posts",
    edit_count: "Bearbeitungen",
    avg_post_length: "Zeichen je Post",
    threads_created: "Threads",
    quoted_count: "Wurde zitiert",
    quotes_count: "Hat zitiert",
    active_users: "Aktive Nutzer",
  },
  columns: {
    rank: "#",
    user: "Nutzer",
    year: "Jahr",
    weekday: "Wochentag",
    hour: "Stunde",
    day: "Tag",
    board: "Forum",
    posts: "Posts",
    threads: "Threads",
    count: "Anzahl",
    domain: "Domain",
    share: "Anteil",
    thread: "Thread",
  },
  /** Units, which follow a number. */
  units: {
    posts: (count: number) => plural(count, "Post", "Posts"),
    threads: (count: number) => plural(count, "Thread", "Threads"),
    newThreads: (count: number) => plural(count, "neuer Thread", "neue Threads"),
    activeUsers: (count: number) => plural(count, "aktiver Nutzer", "aktive Nutzer"),
    postsPerDay: (count: number) => plural(count, "Post am Tag", "Posts am Tag"),
    days: (count: number) => plural(count, "Tag", "Tage"),
    weeks: (count: number) => plural(count, "Woche", "Wochen"),
  },
  loading: "Wird geladen",
  error: "Das hat nicht geklappt",
  again: "Erneut versuchen",
  offline: "Der Server ist nicht erreichbar.",
  codeMissing:
    "Ein Teil der Seite ließ sich nicht laden: Der Server ist nicht erreichbar, oder pOTstats wurde gerade aktualisiert.",
  failures: {
    400: "Mit dieser Auswahl kann der Server nichts anfangen.",
    404: "Das gibt es hier nicht.",
    429: "Das waren viele Anfragen auf einmal. Bitte warte einen Moment.",
    503: "Der Server ist gerade überlastet oder noch nicht bereit.",
    other: (status: number) => `Auf dem Server ist etwas schiefgegangen (Fehler ${status}).`,
  },
  garbled: "Die Antwort des Servers war unverständlich.",
  empty: "Zu dieser Auswahl gibt es nichts.",
  close: "Schließen",
};

export type Messages = typeof de;
