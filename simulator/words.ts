/** What people talk about: invented, German, and searchable. Each thing as nominative, dative, accusative. */

type Thing = readonly [nominative: string, dative: string, accusative: string];

export interface Topic {
  things: readonly Thing[];
  /** What a thing does. */
  does: readonly string[];
  /** Titles of collective threads. */
  collective: readonly string[];
  /** Hosts that posts link to. */
  hosts: readonly string[];
  tags: readonly string[];
}

export const topics: Record<string, Topic> = {
  hardware: {
    things: [
      ["die neue Grafikkarte", "der neuen Grafikkarte", "die neue Grafikkarte"],
      ["mein Netzteil", "meinem Netzteil", "mein Netzteil"],
      ["der Gehäuselüfter", "dem Gehäuselüfter", "den Gehäuselüfter"],
      ["das Mainboard", "dem Mainboard", "das Mainboard"],
      ["der Arbeitsspeicher", "dem Arbeitsspeicher", "den Arbeitsspeicher"],
      ["die SSD", "der SSD", "die SSD"],
      ["der 24-Zoll-Bildschirm", "dem 24-Zoll-Bildschirm", "den 24-Zoll-Bildschirm"],
      ["die mechanische Tastatur", "der mechanischen Tastatur", "die mechanische Tastatur"],
      ["der WLAN-Router", "dem WLAN-Router", "den WLAN-Router"],
      ["die Wasserkühlung", "der Wasserkühlung", "die Wasserkühlung"],
    ],
    does: [
      "läuft seit gestern ohne Probleme",
      "ist mir einfach zu laut",
      "war jeden Cent wert",
      "stürzt unter Last ständig ab",
      "wird heißer als ein Backofen",
      "gibt es gerade für 49 € im Angebot",
      "braucht ein Treiberupdate",
      "passt nicht in mein Gehäuse",
      "hat den Umzug nicht überlebt",
    ],
    collective: ["Kaufberatung Hardware", "Schnäppchen & Angebote"],
    hosts: ["www.grafikkarten.example", "preise.example", "treiber.example:8080"],
    tags: ["Hardware", "Kaufberatung"],
  },
  code: {
    things: [
      ["das Stylesheet", "dem Stylesheet", "das Stylesheet"],
      ["die Datenbank", "der Datenbank", "die Datenbank"],
      ["der reguläre Ausdruck", "dem regulären Ausdruck", "den regulären Ausdruck"],
      ["mein Parser", "meinem Parser", "meinen Parser"],
      ["die Rekursion", "der Rekursion", "die Rekursion"],
      ["das Framework", "dem Framework", "das Framework"],
      ["der Cronjob", "dem Cronjob", "den Cronjob"],
      ["die Zeitzonenumrechnung", "der Zeitzonenumrechnung", "die Zeitzonenumrechnung"],
    ],
    does: [
      "liefert nur Fragezeichen statt Umlauten",
      "funktioniert, und keiner weiß warum",
      "ist in drei Zeilen erledigt",
      "braucht dringend einen Index",
      "bricht bei leeren Eingaben ab",
      "sollte man nicht selber schreiben",
      "ist auf dem Server schneller als bei mir",
    ],
    collective: ["Programmierfragen", "Zeigt eure Webseiten"],
    hosts: ["quelltext.example", "docs.quelltext.example", "github.example"],
    tags: ["Programmieren", "Fragen & Antworten"],
  },
  kitchen: {
    things: [
      ["der Sauerteig", "dem Sauerteig", "den Sauerteig"],
      ["die Kürbissuppe", "der Kürbissuppe", "die Kürbissuppe"],
      ["mein Gulasch", "meinem Gulasch", "mein Gulasch"],
      ["der Kartoffelsalat", "dem Kartoffelsalat", "den Kartoffelsalat"],
      ["die Pfanne Käsespätzle", "der Pfanne Käsespätzle", "die Pfanne Käsespätzle"],
      ["der Apfelkuchen", "dem Apfelkuchen", "den Apfelkuchen"],
      ["das Rührei", "dem Rührei", "das Rührei"],
      ["die Gewürzmischung", "der Gewürzmischung", "die Gewürzmischung"],
      ["der Backofen", "dem Backofen", "den Backofen"],
    ],
    does: [
      "schmeckt am nächsten Tag noch besser",
      "ist komplett angebrannt",
      "braucht viel mehr Knoblauch",
      "war in zwanzig Minuten fertig",
      "gelingt auch Anfängern",
      "ist bei uns sonntags Tradition",
      "kostet im Supermarkt nur 1,99 €",
    ],
    collective: ["Was kocht ihr heute?", "Krieg der Schüsseln"],
    hosts: ["www.kochtopf.example", "rezepte.example", "käsespätzle.example"],
    tags: ["Kochen", "Rezepte", "Süßes"],
  },
  football: {
    things: [
      ["der Torwart", "dem Torwart", "den Torwart"],
      ["die Abwehr", "der Abwehr", "die Abwehr"],
      ["der Schiedsrichter", "dem Schiedsrichter", "den Schiedsrichter"],
      ["das Elfmeterschießen", "dem Elfmeterschießen", "das Elfmeterschießen"],
      ["die zweite Halbzeit", "der zweiten Halbzeit", "die zweite Halbzeit"],
      ["der Aufsteiger", "dem Aufsteiger", "den Aufsteiger"],
      ["die Fußballnationalmannschaft", "der Fußballnationalmannschaft", "die Fußballnationalmannschaft"],
    ],
    does: [
      "hat heute alles gegeben",
      "war unter aller Kanone",
      "gehört endlich ausgewechselt",
      "wird am Samstag den Unterschied machen",
      "war nie und nimmer Abseits",
      "hätte drei Tore verdient",
    ],
    collective: ["Fußballthread", "Tippspiel"],
    hosts: ["tabelle.example", "www.fussball.example"],
    tags: ["Fußball", "Sport"],
  },
  film: {
    things: [
      ["die letzte Staffel", "der letzten Staffel", "die letzte Staffel"],
      ["der Hauptdarsteller", "dem Hauptdarsteller", "den Hauptdarsteller"],
      ["das Drehbuch", "dem Drehbuch", "das Drehbuch"],
      ["die Synchronisation", "der Synchronisation", "die Synchronisation"],
      ["der Soundtrack", "dem Soundtrack", "den Soundtrack"],
      ["der dritte Teil", "dem dritten Teil", "den dritten Teil"],
      ["die Verfolgungsjagd", "der Verfolgungsjagd", "die Verfolgungsjagd"],
    ],
    does: [
      "hat mich sehr überrascht",
      "ist völlig überbewertet",
      "macht die Vorlage kaputt",
      "sollte man im Original sehen",
      "hat Längen, lohnt sich aber",
      "verrät schon alles im Trailer",
    ],
    collective: ["Zuletzt gesehener Film", "Serienthread"],
    hosts: ["filmkritik.example", "videoportal.example"],
    tags: ["Film", "Serien"],
  },
  music: {
    things: [
      ["das neue Album", "dem neuen Album", "das neue Album"],
      ["die Vorband", "der Vorband", "die Vorband"],
      ["der Bassist", "dem Bassisten", "den Bassisten"],
      ["das Festival", "dem Festival", "das Festival"],
      ["die Schallplatte", "der Schallplatte", "die Schallplatte"],
      ["mein Verstärker", "meinem Verstärker", "meinen Verstärker"],
    ],
    does: [
      "läuft hier in Dauerschleife",
      "war live noch besser",
      "klingt wie durch einen Schuhkarton",
      "ist nächstes Jahr in Köln dabei",
      "kommt leider ohne Texte",
      "gibt mir Gänsehaut",
    ],
    collective: ["Was hört ihr gerade?", "Konzerte & Festivals"],
    hosts: ["musik.example", "videoportal.example"],
    tags: ["Musik"],
  },
  games: {
    things: [
      ["die neue Karte", "der neuen Karte", "die neue Karte"],
      ["der Spielleiter", "dem Spielleiter", "den Spielleiter"],
      ["meine Gilde", "meiner Gilde", "meine Gilde"],
      ["der Endgegner", "dem Endgegner", "den Endgegner"],
      ["das Charakterblatt", "dem Charakterblatt", "das Charakterblatt"],
      ["der letzte Patch", "dem letzten Patch", "den letzten Patch"],
      ["die Zauberwaffe", "der Zauberwaffe", "die Zauberwaffe"],
      ["unser Server", "unserem Server", "unseren Server"],
    ],
    does: [
      "ist viel zu stark",
      "wurde heimlich abgeschwächt",
      "ist am Mittwoch wieder online",
      "braucht noch zwei Heiler",
      "hat mich drei Stunden gekostet",
      "ruckelt auf meinem Rechner",
      "war in der Beta besser",
    ],
    collective: ["Wer spielt heute Abend?", "Rollenspielrunde"],
    hosts: ["spielewiki.example", "www.clanseite.example"],
    tags: ["Spiele", "Rollenspiel"],
  },
  life: {
    things: [
      ["mein Chef", "meinem Chef", "meinen Chef"],
      ["die Straßenbahn", "der Straßenbahn", "die Straßenbahn"],
      ["der Nachbar", "dem Nachbarn", "den Nachbarn"],
      ["die Steuererklärung", "der Steuererklärung", "die Steuererklärung"],
      ["der Wecker", "dem Wecker", "den Wecker"],
      ["das Wetter in Köln", "dem Wetter in Köln", "das Wetter in Köln"],
      ["die Donaudampfschifffahrtsgesellschaft", "der Donaudampfschifffahrtsgesellschaft", "die Donaudampfschifffahrtsgesellschaft"],
      ["der Kaffeeautomat", "dem Kaffeeautomaten", "den Kaffeeautomaten"],
      ["die Kehrwoche", "der Kehrwoche", "die Kehrwoche"],
      ["der Umzug", "dem Umzug", "den Umzug"],
    ],
    does: [
      "macht mich fertig",
      "ist schon wieder zu spät",
      "war heute erstaunlich freundlich",
      "kostet mich den letzten Nerv",
      "hat mir den Tag gerettet",
      "gehört verboten",
      "ist in jeder Größe ein Ärgernis",
      "lässt sich nur mit Humor ertragen",
    ],
    collective: ["Dem Hass", "Gehirnsalat", "Dinge, die euch freuen"],
    hosts: ["nachrichten.example", "www.wetter-köln.example", "bilder.example"],
    tags: ["Alltag", "Sammelthread"],
  },
  cars: {
    things: [
      ["der alte Kombi", "dem alten Kombi", "den alten Kombi"],
      ["die Kupplung", "der Kupplung", "die Kupplung"],
      ["das Fahrrad", "dem Fahrrad", "das Fahrrad"],
      ["der TÜV-Prüfer", "dem TÜV-Prüfer", "den TÜV-Prüfer"],
      ["der Winterreifensatz", "dem Winterreifensatz", "den Winterreifensatz"],
    ],
    does: [
      "springt bei Kälte nicht an",
      "kommt nächste Woche weg",
      "macht komische Geräusche",
      "ist auf der Straße kaum zu halten",
      "braucht neue Bremsen",
    ],
    collective: ["Autothread", "Fahrradthread"],
    hosts: ["autos.example", "fahrrad.example"],
    tags: ["Autos"],
  },
};

export const openings = [
  "Also ganz ehrlich:",
  "Kurze Frage:",
  "Mal was anderes.",
  "Bei mir ist es so:",
  "Soweit ich weiß:",
  "Nach zwei Wochen Wartezeit:",
  "Unpopuläre Meinung:",
  "Moin zusammen!",
  "Tach!",
] as const;

export const reactions = [
  "Das sehe ich genauso.",
  "Kann ich so nicht unterschreiben.",
  "Quelle?",
  "Zustimmung in jedem Punkt.",
  "Nein. Einfach nein.",
  "Hatte ich letztes Jahr auch, bei mir half ein Neustart.",
  "Danke, genau das habe ich gesucht!",
  "Da fragst du den Falschen.",
  "Made my day :D",
  "Das stand doch schon auf Seite 3.",
  "Ist halt so, wenn man nicht liest.",
  "Geht mir ganz ähnlich, nur schlimmer.",
  "Und was sagt deine Oma dazu?",
  "Steile These.",
  "Dem ist nichts hinzuzufügen.",
] as const;

export const short = ["dito", "lol", ":ugly:", "^^", "Erster!", "nö", "hm, ja", "Glückwunsch! :)", "+1", "wer kennt es nicht", ":moo:", "Bump."] as const;

export const fillers = [
  "Weiß da jemand mehr?",
  "Ich bleibe jedenfalls dabei.",
  "Morgen mehr, ich muss ins Bett.",
  "Bitte keine Grundsatzdiskussion.",
  "Wer Rechtschreibfehler findet, darf sie behalten.",
  "Früher war das alles besser, sogar die Zukunft.",
  "Hauptsache, es ist nicht wieder Montag.",
  "Das Ganze dauert keine fünf Minuten.",
  "Meine Straße, mein Zuhause, mein Block.",
  "Falls jemand aus der Nähe von Göttingen kommt: bitte melden.",
  "„So geht das nicht“, sagte der Hausmeister – und ging.",
  "Größe ist eben nicht alles.",
] as const;

export const smilies = [":)", ":D", ";)", ":(", ":p", ":o", "^^", ":ugly:", ":hm:", ":roll:", ":bang:", ":zyklop:", ":mata:", "8|"] as const;

export const nameParts = {
  first: ["Kobold", "Toaster", "Nebel", "Gurken", "Pixel", "Blech", "Wurst", "Donner", "Käse", "Keks", "Turbo", "Nacht", "Über", "Sofa", "Moor", "Frost", "Rost", "Zwirn", "Hafer", "Kupfer", "Silber", "Papier", "Lampen", "Zwiebel"],
  last: ["könig", "fee", "ritter", "schmied", "hase", "vogel", "kapitän", "meister", "dieb", "brot", "fisch", "wolf", "bär", "mann", "tante", "salat", "monster", "flöte", "kanone", "igel", "schrauber", "philosoph"],
} as const;

export const ranks = [
  ["Newbee", "gruen", 1],
  ["Stammhelper", "gruen", 4],
  ["Spamkönig", "orange", 6],
  ["Spamkaiser", "rot", 9],
] as const;
