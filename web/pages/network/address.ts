/** What the page shows, as it is in the URL: every view is a link. */
import { useSearchParams } from "@solidjs/router";
import { idOf } from "../../parameters.ts";

interface Address {
  /** Whose network is shown; 0 for everyone's. */
  uid: number;
  /** The selected user; 0 for none. */
  selected: number;
  /** The busiest member of the selected circle; 0 for none. */
  circle: number;
  /** Ties with fewer quotes are hidden; 0 if not set. */
  from: number;
}

export type NextAddress = Partial<Address>;

/** The state of the page, and how to change it. Only a change of the network is a step to go back. */
export function useAddress() {
  const [parameters, setParameters] = useSearchParams();
  const value = (name: keyof Address) => Number(idOf(parameters[name]));
  return {
    uid: () => value("uid"),
    selected: () => value("selected"),
    circle: () => value("circle"),
    from: () => value("from"),
    set: (next: NextAddress) => {
      const query = Object.fromEntries(Object.entries(next).map(([name, id]) => [name, id || ""]));
      setParameters(query, { replace: next.uid === undefined });
    },
  };
}
