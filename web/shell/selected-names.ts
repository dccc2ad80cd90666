/** The names of what is selected, and the years that can be selected. */
import { createResource } from "solid-js";
import { answer, api } from "../api.ts";
import { dataOf } from "../components/loaded.tsx";
import { displayName } from "../display-name.ts";

/** The name of a board; its id until the name is known, or if there is no such board. */
export function useBoardName(bid: () => string): () => string {
  const [boards] = createResource(
    () => bid() !== "",
    () => answer(api.boards.$get({ query: {} })),
  );
  return () => dataOf(boards)?.rows.find((board) => String(board.bid) === bid())?.name ?? `#${bid()}`;
}

/** The name of a user; the id until the name is known, or if there is no such user. */
export function useUserName(uid: () => string): () => string {
  const [user] = createResource(uid, async (id) => (await answer(api["user-stats"].$get({ query: { uid: id } }))).user);
  return () => {
    const known = dataOf(user);
    return known && String(known.uid) === uid() ? displayName(known) : `#${uid()}`;
  };
}

/** Years with posts, ascending; empty until they are known. */
export function useYears(): () => number[] {
  const [years] = createResource(() => answer(api.years.$get({ query: {} })));
  return () => dataOf(years)?.rows.map(({ year }) => year) ?? [];
}
