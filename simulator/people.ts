/** The members, with habits, friends, names and the oddities of real member lists. */
import { day_s } from "./clock.ts";
import { nameAt, type Person } from "./model.ts";
import type { Random } from "./random.ts";
import { nameParts, ranks } from "./words.ts";

/** Names that break parsers. */
const oddNames = [
  "[klammer]Affe",
  "Käpt'n Öhrchen",
  "Grünzeug & Söhne",
  "<b>fetter Hecht</b>",
  'Sir "Zitat" Mecker',
  "ÄÖÜßäöü",
  "Null Komma nix",
  "0815",
  "Größenwahn]",
  "€uro-Paule",
  "Šárka",
  "Mr. %20",
  "Der mit dem sehr langen Namen, der Spalten sprengt",
  "zwei  Leerzeichen",
] as const;

const avatarNames = ["arctic", "german", "desert", "kelle", "moewe", "zahnrad", "leuchtturm"] as const;

function inventName(random: Random, taken: Set<string>): string {
  for (let attempt = 0; ; attempt++) {
    const [first, last] = [random.pick(nameParts.first), random.pick(nameParts.last)];
    const plain = first + last;
    const style = random.next();
    let name = plain;
    if (style < 0.12) name = `${first} ${last[0]?.toUpperCase()}${last.slice(1)}`;
    else if (style < 0.2) name = `${plain}${random.between(70, 99)}`;
    else if (style < 0.26) name = `xX${plain}Xx`;
    else if (style < 0.32) name = `[${random.pick(["pOT", "mTw", "GuG"])}]${plain}`;
    else if (style < 0.4) name = plain.toLowerCase();
    if (attempt > 5) name += ` ${random.between(2, 9999)}`;
    if (taken.has(name)) continue;
    taken.add(name);
    return name;
  }
}

/**
 * @param count at least 40
 * @param from the forum's first day
 * @param until the forum's last day
 * @param boards the ids of boards to choose favorites from
 * @returns sorted by uid, the administrator first
 */
export function createPeople(random: Random, count: number, from: number, until: number, boards: number[]): Person[] {
  const taken = new Set<string>(oddNames);
  const span = until - from;
  const people: Person[] = [];
  let uid = 1;
  for (let index = 0; index < count; index++) {
    // Most join in the first half; three in ten stay until the end.
    const isEarly = index < count * 0.15;
    const joined = Math.round(isEarly ? from - random.next() * 200 * day_s : from + random.next() ** 1.6 * span * 0.98);
    const stays = random.chance(0.3);
    const left = stays ? until + day_s : Math.round(joined + (30 * day_s + random.next() ** 2 * span));
    const odd = index >= 10 ? oddNames[index - 10] : undefined;
    const name = odd ?? inventName(random, taken);
    const activity = 1 / (2 + random.next() * count) ** 0.9;
    const hasUpload = random.chance(0.4);
    const rank = ranks[Math.min(3, Math.floor(random.next() ** 2 * 4))] ?? ranks[0];
    people.push({
      uid,
      names: [{ from: joined, name }],
      gid: index === 0 ? 1 : index < 8 ? 6 : 3,
      isBanned: index >= 12 && random.chance(0.04),
      joined,
      left,
      activity: index < 8 ? activity * 0.4 : activity,
      boards: new Set(Array.from({ length: random.between(1, 4) }, () => random.pick(boards))),
      rhythm: random.pick(["day", "evening", "evening", "night"]),
      quoting: 0.05 + random.next() ** 2 * 0.8,
      chatty: random.next(),
      friends: new Set(),
      avatar: hasUpload
        ? { avid: 59_300 + index, path: `./avatare/upload/U${uid}--bild${random.between(1, 9)}.png` }
        : avatarOf(random),
      rank: { name: rank[0], color: rank[1], bars: rank[2] },
      isPublic: random.chance(0.75),
      accountState: random.chance(0.03) ? "noch nicht freigeschaltet" : "aktiv",
    });
    uid += 1 + random.below(index < 8 ? 1 : 40);
  }
  for (const person of people) {
    for (let index = random.below(5); index > 0; index--) person.friends.add(random.pick(people).uid);
    if (person.isBanned) person.accountState = random.chance(0.3) ? "gesperrt bis 30.04.2031" : "gesperrt";
  }
  rename(random, people, taken, until);
  addSpecialMembers(people);
  return people;
}

function avatarOf(random: Random): Person["avatar"] {
  const which = random.below(avatarNames.length);
  const name = avatarNames[which] ?? "arctic";
  return { avid: 59_217 + which, path: which > 4 ? `avatare/oldb/${name}.gif` : `./avatare/${name}.gif` };
}

/** Renames some people, once or repeatedly, some to a name that somebody else has given up. */
function rename(random: Random, people: Person[], taken: Set<string>, until: number): void {
  const freed: string[] = [];
  for (const person of people.slice(8)) {
    let last = person.joined;
    while (random.chance(0.07)) {
      last += Math.round((0.1 + random.next()) * 600 * day_s);
      if (last > Math.min(person.left, until)) break;
      const old = person.names.at(-1);
      if (!old) break;
      const name = freed.length > 2 && random.chance(0.15) ? (freed.shift() ?? old.name) : inventName(random, taken);
      person.names.push({ from: last, name });
      freed.push(old.name);
    }
  }
}

/** Members that every forum has, even the smallest. */
function addSpecialMembers(people: Person[]): void {
  const at = (index: number) => {
    const person = people[index];
    if (!person) throw new RangeError("too few people");
    return person;
  };
  at(0).names = [{ from: at(0).joined, name: "Hausmeister" }];
  // A name that equals another member's uid: /<uid> shows the profile of the user with that name.
  at(25).names = [{ from: at(25).joined, name: String(at(26).uid) }];
  at(26).activity = Math.max(at(26).activity, 0.02);
  // Deleted accounts: their posts remain, without group and avatar.
  for (const index of [27, 33])
    Object.assign(at(index), { gid: null, avatar: null, isBanned: false, accountState: "aktiv" });
  // These have never written a post; one of them is a moderator.
  for (const index of [5, 28, 29]) at(index).activity = 0;
  Object.assign(at(30), { isBanned: true, accountState: "gesperrt bis 30.04.2031" });
  // These write more than anybody else.
  for (const index of [31, 32]) {
    const person = at(index);
    Object.assign(person, { activity: 0.25, joined: at(8).joined, left: Number.MAX_SAFE_INTEGER });
    person.names = [{ ...person.names[0], from: person.joined, name: nameAt(person, person.joined) }];
  }
}

/** The relative likelihood of writing in each hour of the day. */
export const hoursOf: Record<Person["rhythm"], readonly number[]> = {
  day: [1, 0, 0, 0, 0, 1, 3, 6, 9, 10, 10, 10, 8, 9, 10, 10, 9, 7, 5, 4, 4, 4, 3, 2].map((x) => x / 10),
  evening: [3, 1, 0, 0, 0, 0, 1, 2, 2, 2, 3, 3, 4, 4, 4, 5, 6, 8, 9, 10, 10, 10, 9, 6].map((x) => x / 10),
  night: [10, 10, 8, 6, 4, 2, 1, 1, 1, 1, 1, 2, 2, 3, 3, 3, 4, 4, 5, 6, 7, 8, 9, 10].map((x) => x / 10),
};
