/** Year and board: the only global state. It lives in the URL, so every view is a link. */
import { useSearchParams } from "@solidjs/router";

export interface Filters {
  year: string;
  bid: string;
}

const digits = (value: string | string[] | undefined) => {
  const text = Array.isArray(value) ? (value[0] ?? "") : (value ?? "");
  return /^\d{1,9}$/.test(text) && text !== "0" ? text : "";
};

/** The chosen year and board, "" for all, and how to change them. */
export function useFilters() {
  const [parameters, setParameters] = useSearchParams<{ year?: string; bid?: string }>();
  return {
    year: () => digits(parameters.year),
    bid: () => digits(parameters.bid),
    /** As the API takes them. */
    query: (): { year?: string; bid?: string } => ({
      ...(digits(parameters.year) ? { year: digits(parameters.year) } : {}),
      ...(digits(parameters.bid) ? { bid: digits(parameters.bid) } : {}),
    }),
    set: (next: Partial<Filters>) => setParameters(next),
    /** A path that keeps the selection. */
    link: (path: string): string => {
      const kept = new URLSearchParams();
      if (digits(parameters.year)) kept.set("year", digits(parameters.year));
      if (digits(parameters.bid)) kept.set("bid", digits(parameters.bid));
      return kept.size > 0 ? `${path}?${kept}` : path;
    },
  };
}

/** One further value in the URL, such as the chosen statistic; the default is not written. */
export function useChoice<T extends string>(name: string, choices: readonly T[], initial: T) {
  const [parameters, setParameters] = useSearchParams();
  const chosen = (): T => choices.find((choice) => choice === parameters[name]) ?? initial;
  return [chosen, (next: T) => setParameters({ [name]: next === initial ? "" : next })] as const;
}
