/** Passages of a user in other users' posts, without a tag that names the user. */
import { expect, test } from "bun:test";
import { UnattributedQuotes } from "./unattributed-quotes.ts";

const copies = new UnattributedQuotes();
copies.add(
  5,
  "Am Samstag fahre ich mit dem Rad um den großen See, wenn das Wetter hält. [url=http://see.example/x]Karte[/url]",
);
copies.add(5, "Bis morgen!");
copies.add(5, "Fahrradklingel, oder?");
copies.add(5, '[quote=1,5,"Bo"]Wer kommt denn alles mit zum Grillen an den Fluss am Sonntag[/quote]Ich nicht');
copies.add(5, 'Ja [quote=1,5,"Bo"]Wer kommt denn alles mit zum Grillen an den Fluss am Sonntag');

test.each([
  ["[quote]Am Samstag fahre ich mit dem Rad um den großen See[/quote] Viel Spaß!", "[quote][/quote] Viel Spaß!"],
  ["[quote]x[/quote] am samstag fahre ich mit dem RAD um den großen See, sagt sie", "[quote]x[/quote] , sagt sie"],
  ["[quote=foo]wenn das Wetter hält. [url=http://see.example/x]Karte[/url][/quoet] Schön", "[quote=foo][/quoet] Schön"],
  ["[quote] Bis morgen! [/quote]Tschüss", "[quote][/quote]Tschüss"],
  // The tag names the author.
  ['[quote=1,2,"Bo"]Bis morgen![/quote]', '[quote=1,2,"Bo"]Bis morgen![/quote]'],
  // Too short to rule out coincidence; and a passage that the user's post quotes itself.
  ["[quote]x[/quote] Bis morgen!", "[quote]x[/quote] Bis morgen!"],
  ["[quote]x[/quote] Mit dem Rad um den See", "[quote]x[/quote] Mit dem Rad um den See"],
  [
    "[quote]Wer kommt denn alles mit zum Grillen an den Fluss am Sonntag[/quote]",
    "[quote]Wer kommt denn alles mit zum Grillen an den Fluss am Sonntag[/quote]",
  ],
  // No quote tags.
  ["Am Samstag fahre ich mit dem Rad um den großen See", "Am Samstag fahre ich mit dem Rad um den großen See"],
])("%s", (content, expected) => {
  expect(copies.removeFrom(6, content)).toBe(expected);
  expect(copies.removeFrom(6, expected)).toBe(expected);
  // An earlier post is not a copy.
  expect(copies.removeFrom(4, content)).toBe(content);
});

test.each([
  ["<content>Am Samstag fahre ich mit dem Rad um den gro", true],
  ["<title>Am Montag fahre ich mit dem Bus um den großen Berg", false],
  ["[quote]Bis morgen![/quote]", false],
  ["<content>Fahrradklingel, oder", true],
])("isIn, for any document: %s", (document, expected) => expect(copies.isIn(document)).toBe(expected));
