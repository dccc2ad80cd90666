/** Parses values in the query of a URL, which may be anything. */

type Parameter = string | string[] | undefined;

/** The first value of a parameter that may be repeated; "" if it is missing. */
export const single = (value: Parameter): string => [value ?? ""].flat()[0] ?? "";

/** A year from 1 to 9999; "" for anything else. */
export const yearOf = (value: Parameter): string => /^[1-9]\d{0,3}$/.exec(single(value))?.[0] ?? "";

/** A year, or a range of years such as "2009-2012"; "" for anything else. */
export function yearsOf(value: Parameter): string {
  const [first = "", last = first, ...more] = single(value).split("-");
  if (more.length > 0 || yearOf(first) === "" || yearOf(last) === "" || Number(first) > Number(last)) return "";
  return first === last ? first : `${first}-${last}`;
}

/** The first and the last year of a selection such as "2012" or "2009-2012"; 0 if it is empty. */
export function yearSpan(years: string): { first: number; last: number } {
  const [first = 0, last = first] = years.split("-").map(Number);
  return { first, last };
}

/** An id greater than 0; "" for anything else. */
export const idOf = (value: Parameter): string => /^[1-9]\d{0,8}$/.exec(single(value))?.[0] ?? "";

/** A year, month or day: "2012", "2012-05", "2012-05-01"; "" for anything else. */
export const dateOf = (value: Parameter): string => /^\d{4}(?:-\d\d){0,2}$/.exec(single(value))?.[0] ?? "";
