/** Parses values in the query of a URL, which may be anything. */

type Parameter = string | string[] | undefined;

/** The first value of a parameter that may be repeated; "" if it is missing. */
export const single = (value: Parameter): string => [value ?? ""].flat()[0] ?? "";

/** A year from 1 to 9999; "" for anything else. */
export const yearOf = (value: Parameter): string => /^[1-9]\d{0,3}$/.exec(single(value))?.[0] ?? "";

/** An id greater than 0; "" for anything else. */
export const idOf = (value: Parameter): string => /^[1-9]\d{0,8}$/.exec(single(value))?.[0] ?? "";

/** A year, month or day: "2012", "2012-05", "2012-05-01"; "" for anything else. */
export const dateOf = (value: Parameter): string => /^\d{4}(?:-\d\d){0,2}$/.exec(single(value))?.[0] ?? "";
