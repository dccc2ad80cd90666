/** Year and board: the only global state. It lives in the URL, so every view is a link. */
import { useSearchParams } from "@solidjs/router";
import { below } from "./base.ts";

export interface Filters {
  year: string;
  bid: string;
}

/** A parameter of the address: the first where it stands there several times, "" where it does not. */
export const single = (value: string | string[] | undefined): string => [value ?? ""].flat()[0] ?? "";

/** A year above 0 as the address has it, else "". */
const yearOf = (value: string | string[] | undefined) => /^[1-9]\d{0,3}$/.exec(single(value))?.[0] ?? "";
/** A number above 0, likewise. */
export const idOf = (value: string | string[] | undefined) => /^[1-9]\d{0,8}$/.exec(single(value))?.[0] ?? "";

/** The chosen year and board, "" for all, and how to change them. */
export function useFilters() {
  const [parameters, setParameters] = useSearchParams();
  const year = () => yearOf(parameters["year"]);
  const bid = () => idOf(parameters["bid"]);
  /** As the API takes them. */
  const query = (): { year?: string; bid?: string } => ({
    ...(year() ? { year: year() } : {}),
    ...(bid() ? { bid: bid() } : {}),
  });
  return {
    year,
    bid,
    query,
    set: (next: Partial<Filters>) => setParameters(next),
    /** The address of a page with the selection kept. */
    link: (path: string): string => {
      const kept = new URLSearchParams(query());
      return below(kept.size > 0 ? `${path}?${kept}` : path);
    },
  };
}

/** One further value in the URL, such as the chosen statistic; the default is not written. */
export function useChoice<T extends string>(name: string, choices: readonly T[], initial: T) {
  const [parameters, setParameters] = useSearchParams();
  const chosen = (): T => choices.find((choice) => choice === parameters[name]) ?? initial;
  return [chosen, (next: T) => setParameters({ [name]: next === initial ? "" : next })] as const;
}
