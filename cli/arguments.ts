/**
 * Parsers for the values of command-line options. Each throws commander's `InvalidArgumentError`, which ends the
 * command with exit code 2 and a message that names the option.
 */
import { InvalidArgumentError } from "@commander-js/extra-typings";
import { messageOf } from "./command.ts";

/** A number in a closed range. */
export const number =
  (low: number, high: number) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() === "" || !(value >= low && value <= high))
      throw new InvalidArgumentError(`must be a number from ${low} to ${high}`);
    return value;
  };

/** A whole number in a closed range, in decimal digits. */
export const whole =
  (low: number, high: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < low || value > high)
      throw new InvalidArgumentError(`must be a whole number from ${low} to ${high}`);
    return value;
  };

/** Days, fractions included: up to a century, which is longer than any forum has existed. */
export const days = number(0, 36_500);

/** The largest id that the database can hold. */
const maxId = 2_147_483_647;

/** A user's id. */
export const uid = whole(1, maxId);

/** Collects the ids of a repeatable option; `all` if any of its values is `all`. */
export function boards(text: string, previous: number[] | "all" = []): number[] | "all" {
  if (text === "all") return "all";
  const bid = Number(text);
  if (!/^\d+$/.test(text) || bid < 1 || bid > maxId)
    throw new InvalidArgumentError(`must be a whole number from 1 to ${maxId}, or all`);
  return previous === "all" ? "all" : [...previous, bid];
}

/** Base URL of a web server, without trailing slashes. */
export function httpAddress(text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
    throw new InvalidArgumentError("must be a URL that starts with http:// or https://");
  return text.replace(/\/+$/, "");
}

/** A percentage as a fraction: "5%" → 0.05; also accepts "0". */
export function share(text: string): number {
  const [, percent] = /^(\d{1,3}(?:\.\d+)?)%$/.exec(text.trim()) ?? [];
  const fraction = text.trim() === "0" ? 0 : Number(percent) / 100;
  if (!(fraction >= 0 && fraction <= 1))
    throw new InvalidArgumentError("must be a share of the requests, 0% to 100%, or 0");
  return fraction;
}

/** Any value that `parse` accepts; its error message becomes the option's. */
export const parsedBy =
  <T>(parse: (text: string) => T) =>
  (text: string): T => {
    try {
      return parse(text);
    } catch (error) {
      throw new InvalidArgumentError(messageOf(error));
    }
  };
