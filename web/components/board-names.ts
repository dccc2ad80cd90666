import { createResource } from "solid-js";
import { answer, api } from "../api.ts";
import { dataOf } from "./loaded.tsx";

/** The names of all boards, for lists that have their ids; "" until they are known. */
export function useBoardNames(): (bid: number) => string {
  const [boards] = createResource(async () => {
    const { rows } = await answer(api.boards.$get({ query: {} }));
    return new Map(rows.map(({ bid, name }) => [bid, name]));
  });
  return (bid) => dataOf(boards)?.get(bid) ?? "";
}
