/**
 * German words that must match each other, and words that must not: chosen by what users expect, not by what passes.
 */

/** Pairs of a searched word and a word in a post. */
const pairs = (text: string): [searched: string, written: string][] =>
  text
    .trim()
    .split(/\s*\n\s*/)
    .flatMap((line) => {
      const [searched = "", ...written] = line.split(/\s+/);
      return written.map((word): [string, string] => [searched, word]);
    });

/** Inflections: they match both ways. */
export const inflections = pairs(`
  Haus Häuser Hauses Häusern
  Kind Kinder Kindern Kindes
  Baum Bäume Bäumen
  Auto Autos
  Buch Bücher Büchern
  Frau Frauen
  Mann Männer Mannes
  Straße Straßen Strasse
  Wort Wörter Worte Woertern
  Katze Katzen
  Hund Hunde Hunden Hundes
  Beitrag Beiträge Beitrags Beiträgen
  Kamera Kameras
  Handy Handys
  Universität Universitäten
  Freundin Freundinnen
  Lehrer Lehrern Lehrers
  Museum Museen
  Tür Türen Tueren
  Steuer Steuern
  Quelle Quellen
  Fuß Füße Fuss
  Nacht Nächte
  Zahn Zähne
  Apfel Äpfel
  Garten Gärten
  Vogel Vögel
  Bruder Brüder
  Datenbank Datenbanken
  blau blaue blauen blauer blaues
  neu neue neuen neuem
  groß große größer größten
  alt alte älter
  schön schöner schönste
  gehen geht ging gegangen
  laufen läuft lief gelaufen
  kaufen kauft kaufte gekauft
  spielen spielt spielte gespielt
  schreiben schreibt schrieb geschrieben
  essen isst aß gegessen
  lesen liest las gelesen
  Thread Threads
  Update Updates
  Poet Poeten
  Müller Müllers
`);

/** Compounds: the part finds the compound, but not vice versa. */
export const compounds = pairs(`
  Karte Grafikkarte Landkarten Fahrkarte Kartenspiel Speisekarte
  Haus Hausboot Krankenhaus Häuserbau Hochhaus Rathäuser
  Auto Autobahn Autotür Leihauto Automechaniker
  Bahn Autobahn Bahnhof Straßenbahnen Eisenbahnbrücke
  Kind Kindergarten Kinderwagen Kindheitserinnerung Einzelkind Kindesalter
  Schiff Dampfschiff Schifffahrt Donaudampfschifffahrt Segelschiffe
  Zimmer Arbeitszimmer Wohnzimmerlampe Zimmerpflanze
  Arbeit Arbeitszimmer Schwarzarbeit Arbeitsvertrag
  Blume Blumentopf Sonnenblume Blumenvase
  Frau Frauenfußball Putzfrau
  Fußball Frauenfußball Fußballverein
  Schule Schulhof Grundschule Schulklasse Hochschulen
  Tag Geburtstag Tageszeitung Feiertage
  Jahr Jahreszeit Schaltjahr
  Rad Fahrrad Hinterrad Radweg
  Tür Haustür Kühlschranktür
  Buch Handbuch Bücherregal Buchhandlung
  Weihnachten Weihnachtsbaum
  Geschenk Weihnachtsgeschenke
  Wetter Wetterbericht Regenwetter
  Wasser Trinkwasser Wasserhahn Abwasserrohr
  Spiel Fußballspiel Spielplatz Computerspiele
  Rechner Taschenrechner
  Zeitung Zeitungsartikel Tageszeitungen
  Freiheit Freiheitsstatue Meinungsfreiheit
  Tisch Schreibtisch Tischdecke
  Baum Kirschbaum Weihnachtsbäume Baumhaus
  Stadt Großstadt Stadtplan Hauptstädte
  Akku Laptopakku
  Hülle Smartphonehülle
`);

/** Words that look alike but are unrelated. */
export const unrelated = pairs(`
  neun neuen
  Auto Autor Autorität
  Reis Reise Kreis
  Bus Busen Bussard
  Sport Transport
  Gramm Programm
  Kart Karten
  Kanne Kanal
  Ratte Rat
  Rat Heirat Vorrat
  Art Start Bart
  Tor Motor Reaktor
  Tür Natur Kultur Abitur Temperatur
  Eis Beweis Preis
  Ohr Rohr
  Uhr Fuhr
  Arm Alarm
  Tag Vertrag
  Bahn anbahnen
  Ende laufende
  Mann Manni Manfred
  Mark Markt
  Punk Punkt
  Wal Wald Wahl
  Hans Hanse
  Jona Jonas
  Peter Petersilie
  Stein Steinitz
  Burger Bürgerin
  Kind Kindle
  Maus Mause
  Hand Handel
  Land Landung
  Wand Wandel
  Last Laster
  Ast Gast Palast
  Tal Metall Portal
  Ton Beton Karton
  See Seele
  Los Loser
  Haft Landschaft
  Minister Stern
  Elefant Elefantiasis
  Lehre Lehrerinnen
  C C++ C#
`);
