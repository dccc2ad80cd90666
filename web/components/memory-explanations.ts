import { texts } from "../i18n/index.ts";

interface Explanation {
  /** Records have theirs in records.ts. */
  title?: string;
  definition: string;
  formula?: string;
}

const de = {
  first_reply: {
    title: "Erste Antwort",
    definition:
      "Die Zeit, bis jemand anderes als der Eröffner in den Thread schreibt. Threads ohne solche Antwort zählen nicht mit. Ein Thread gehört in das Jahr seines ersten Posts.",
    formula: "Zeit der ersten Antwort − Zeit des ersten Posts; die Hälfte: Median, neun von zehn: 90. Perzentil",
  },
  lifetime: {
    title: "Lebensdauer",
    definition:
      "Die Zeit vom ersten bis zum letzten Post. Ein Thread mit einem einzigen Post hat die Lebensdauer 0. Threads, in denen noch geschrieben wird, zählen mit ihrer bisherigen Lebensdauer.",
    formula: "Zeit des letzten Posts − Zeit des ersten Posts; die Hälfte: Median, neun von zehn: 90. Perzentil",
  },
  unanswered: {
    title: "Ohne Antwort",
    definition: "Threads, in die niemand außer dem Eröffner geschrieben hat.",
    formula: "Threads ohne Antwort ÷ alle Threads des Jahres",
  },
  thread_life: {
    title: "Das Leben eines Threads",
    definition:
      "Die Posts des Threads, auch versteckte und verschwundene. Einzeln stehen die sechs Nutzer, die am meisten geschrieben haben; alle anderen sind zusammengefasst.",
  },
  streaks: {
    title: "Serien und Pausen",
    definition:
      "Eine Serie sind Tage hintereinander mit mindestens einem Post; bei Wochen (Montag bis Sonntag) ebenso. Eine Pause sind die Tage ohne Post zwischen zwei Tagen mit Posts. Eine Serie läuft, wenn sie am letzten Tag mit Posts im Forum oder am Tag davor noch nicht zu Ende war.",
  },
  pair_quotes: {
    title: "Zitate zwischen zweien",
    definition:
      "Wie oft die eine Person Posts der anderen zitiert. Zitiert ein Post denselben Post mehrmals, zählt das einmal. Ein Zitat zählt in dem Jahr des zitierenden Posts. Zitate in Zitaten zählen nicht.",
    formula: "Anzahl verschiedener Paare aus zitierendem und zitiertem Post",
  },
  pair_place: {
    title: "Platz",
    definition:
      "Der Platz unter allen, die die andere Person zitiert, sie selbst eingeschlossen, über alle Jahre und Foren. Wer gleich oft zitiert wird, teilt sich den Platz.",
    formula: "1 + Anzahl derer, die öfter zitiert werden",
  },
  cohorts: {
    title: "Jahrgänge",
    definition:
      "Ein Jahrgang sind alle, deren erster Post der Auswahl in dasselbe Jahr fällt. Noch da ist in einem Jahr, wer darin mindestens einen Post schrieb. Wer ein Jahr aussetzt und wiederkommt, zählt danach wieder mit.",
    formula: "Aktive des Jahrgangs im Jahr ÷ alle des Jahrgangs",
  },
  trends: {
    title: "Trends",
    definition:
      "Posts, die die Suche mit diesen Wörtern im Zeitraum findet. Durchsuchbar sind Posts mit eigenem Text, die nicht versteckt sind. Ist ein Forum oder ein Nutzer ausgewählt, zählen nur dessen Posts, auch beim Anteil. Die Glättung ersetzt jeden Wert durch das Mittel aus ihm und gleich vielen Nachbarn davor und danach; am Rand sind es weniger.",
    formula: "10.000 × Treffer ÷ durchsuchbare Posts des Zeitraums",
  },
  busiest_day: { definition: "Alle Posts eines Tages." },
  busiest_week: { definition: "Alle Posts einer Woche, Montag bis Sonntag." },
  busiest_month: { definition: "Alle Posts eines Monats." },
  busiest_year: { definition: "Alle Posts eines Jahres." },
  most_people: {
    definition: "Nutzer, die an einem Tag mindestens einen Post geschrieben haben.",
  },
  user_day: { definition: "Alle Posts eines Nutzers an einem Tag." },
  user_week: {
    definition: "Alle Posts eines Nutzers in einer Woche, Montag bis Sonntag.",
  },
  user_month: {
    definition: "Alle Posts eines Nutzers in einem Monat.",
  },
  user_year: { definition: "Alle Posts eines Nutzers in einem Jahr." },
  longest_streak: {
    definition: "Tage hintereinander, an denen ein Nutzer mindestens einen Post geschrieben hat.",
  },
  longest_pause: {
    definition: "Tage ohne Post zwischen zwei Posts eines Nutzers. Sie zählt am Tag der Rückkehr.",
  },
  longest_post: {
    definition: "Zeichen eines Posts, wie er im Forum gespeichert ist: mit Zitaten und Formatierung.",
  },
  most_quoted_post: { definition: "Verschiedene Posts, die ihn zitieren." },
  most_links: {
    definition: "Links, Bilder und Videos in einem Post, jedes so oft, wie es darin steht.",
  },
  most_quotes: { definition: "Verschiedene Posts, die er zitiert." },
  largest_thread: { definition: "Alle Posts eines Threads, bis heute." },
  most_participants: {
    definition: "Verschiedene Nutzer, die in einen Thread geschrieben haben, bis heute.",
  },
  fastest_thread: {
    definition: "Posts eines Threads in den 24 Stunden ab seinem ersten Post, dieser eingeschlossen.",
  },
  longest_silence: {
    definition: "Die Zeit, in der niemand in einen Thread schrieb, bis jemand ihn wieder ausgrub.",
  },
  most_boards: {
    definition: "Verschiedene Foren, in denen ein Nutzer an einem Tag geschrieben hat.",
  },
} satisfies Record<string, Explanation>;

export type MemoryName = keyof typeof de;

const en: Record<MemoryName, Explanation> = {
  first_reply: {
    title: "First reply",
    definition:
      "The time until somebody other than its starter writes in the thread. Threads without such a reply do not count. A thread belongs to the year of its first post.",
    formula: "time of the first reply − time of the first post; half of them: median, nine in ten: 90th percentile",
  },
  lifetime: {
    title: "Lifetime",
    definition:
      "The time from the first to the last post. A thread with a single post has a lifetime of 0. Threads that are still alive count with their lifetime so far.",
    formula: "time of the last post − time of the first post; half of them: median, nine in ten: 90th percentile",
  },
  unanswered: {
    title: "Unanswered",
    definition: "Threads in which nobody but their starter has written.",
    formula: "threads without a reply ÷ all threads of the year",
  },
  thread_life: {
    title: "The life of a thread",
    definition:
      "The posts of the thread, hidden and vanished ones included. The six users who wrote most are shown one by one, all others together.",
  },
  streaks: {
    title: "Streaks and pauses",
    definition:
      "A streak is days in a row with at least one post; likewise for weeks, Monday to Sunday. A pause is the days without a post between two days with posts. A streak is running if it had not ended on the forum’s last day with posts, or on the day before.",
  },
  pair_quotes: {
    title: "Quotes between two people",
    definition:
      "How often one person quotes posts of the other. If a post quotes the same post several times, this counts once. A quote counts in the year of the quoting post. Quotes within quotes do not count.",
    formula: "number of distinct pairs of a quoting and a quoted post",
  },
  pair_place: {
    title: "Place",
    definition:
      "The place among all whom the other person quotes, including that person, over all years and boards. Those who are quoted equally often share a place.",
    formula: "1 + number of those who are quoted more often",
  },
  cohorts: {
    title: "Cohorts",
    definition:
      "A cohort is everyone whose first post in the selection is of the same year. Still there in a year is who wrote at least one post in it. Those who skip a year and return count again from then on.",
    formula: "members active in the year ÷ all members of the cohort",
  },
  trends: {
    title: "Trends",
    definition:
      "Posts that the search finds with these words in the period. Posts can be searched if they have text of their own and are not hidden. With a board or a user selected, only their posts count, also in the share. Smoothing replaces each value by the mean of itself and as many neighbors before as after it; at the ends there are fewer.",
    formula: "10,000 × hits ÷ searchable posts of the period",
  },
  busiest_day: { definition: "All posts of a day." },
  busiest_week: { definition: "All posts of a week, Monday to Sunday." },
  busiest_month: { definition: "All posts of a month." },
  busiest_year: { definition: "All posts of a year." },
  most_people: {
    definition: "Users who wrote at least one post on the day.",
  },
  user_day: { definition: "All posts of a user on a day." },
  user_week: {
    definition: "All posts of a user in a week, Monday to Sunday.",
  },
  user_month: { definition: "All posts of a user in a month." },
  user_year: { definition: "All posts of a user in a year." },
  longest_streak: {
    definition: "Days in a row on each of which a user wrote at least one post.",
  },
  longest_pause: {
    definition: "Days without a post between two posts of a user. It counts on the day of the comeback.",
  },
  longest_post: {
    definition: "Characters of a post as the forum stores it: with quotes and formatting.",
  },
  most_quoted_post: { definition: "Distinct posts that quote it." },
  most_links: {
    definition: "Links, images and videos in a post, each as often as it stands there.",
  },
  most_quotes: { definition: "Distinct posts that it quotes." },
  largest_thread: { definition: "All posts of a thread until today." },
  most_participants: {
    definition: "Distinct users who have written in a thread until today.",
  },
  fastest_thread: {
    definition: "Posts of a thread within 24 hours of its first post, which is included.",
  },
  longest_silence: {
    definition: "The time in which nobody wrote in a thread, until somebody dug it up again.",
  },
  most_boards: {
    definition: "Distinct boards in which a user wrote on a day.",
  },
};

/** What threads, streaks and records count. */
export const memoryExplanations = texts<Record<MemoryName, Explanation>>({ de, en });
