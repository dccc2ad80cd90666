/** Threads that statistics must find: every seed has the same ones, with other people. */
import { day_s } from "./clock.ts";
import { addPost, type Board, newThread, type Person, type Thread } from "./model.ts";
import type { Random } from "./random.ts";
import { roman } from "./roman.ts";

interface Landmarks {
  random: Random;
  people: Person[];
  boards: Board[];
  from: number;
  until: number;
}

/**
 * A series of forty threads without the seventeenth, one of them renamed, and threads that somebody revives after years.
 * Threads without a reply are among the edge cases.
 * @returns threads with about 100 posts in total
 */
export function createLandmarks(landmarks: Landmarks): Thread[] {
  return [...createSeries(landmarks), ...createRevivals(landmarks)];
}

/** The number that nobody used. */
const gap = 17;

/** The first thread has no number, so that parts 2 to 41 without the gap and the first make forty. */
function createSeries({ random, people, boards, from, until }: Landmarks): Thread[] {
  const board = boards.find(({ bid }) => bid === 25);
  if (!board) throw new Error("no board for the series");
  const regulars = people.slice(8, 16);
  const numbers = Array.from({ length: 41 }, (_, index) => index + 1).filter((number) => number !== gap);
  return numbers.map((number, index) => {
    const time = Math.round(from + (0.05 + (0.9 * index) / numbers.length) * (until - from));
    const thread = newThread(board, time, seriesTitle(number), { topic: "kitchen" });
    if (number === 23) thread.titles.push({ from: time + day_s, title: "SCHOENER SCHMOREN – die Nr. 23" });
    addPost(thread, time, random.pick(regulars));
    addPost(thread, time + random.between(60, 5000), random.pick(regulars));
    return thread;
  });
}

/** People number as they like. */
function seriesTitle(number: number): string {
  if (number === 1) return "Schöner Schmoren";
  if (number < 10) return `Schöner Schmoren ${roman(number)}`;
  return number % 2 === 0 ? `Schöner Schmoren Teil ${number}` : `schöner schmoren (#${number})`;
}

/** One person, the necromancer, writes into threads in which nobody has written for two thirds of the history. */
function createRevivals({ random, people, boards, from, until }: Landmarks): Thread[] {
  const board = boards.find(({ bid }) => bid === 14);
  const necromancer = people[20];
  if (!board || !necromancer) throw new Error("nobody to revive a thread");
  const span = until - from;
  return ["Eingeschlafen", "Vergessen", "Verstaubt", "Begraben"].map((title, index) => {
    let time = Math.round(from + (0.1 + index / 50) * span);
    const thread = newThread(board, time, `${title} und wieder da`);
    for (const person of people.slice(8, 12)) {
      addPost(thread, time, person);
      time += random.between(60, 5000);
    }
    const last = thread.posts.at(-1);
    addPost(thread, time + Math.round((2 / 3) * span), necromancer, { quoted: last ? [last] : [] });
    return thread;
  });
}
