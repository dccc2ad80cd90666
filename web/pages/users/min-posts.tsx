import { For, Show } from "solid-js";
import { number, t, texts } from "../../i18n/index.ts";
import type { Order } from "./table.tsx";

const text = texts({
  de: {
    before: "Nutzer ab",
    reason: "Sonst stünden hier Nutzer vorn, die nur ein paar lange Posts geschrieben haben.",
  },
  en: {
    before: "Users with at least",
    reason: "Otherwise users who wrote only a few long posts would come first.",
  },
});

const choices = [1, 5, 10, 20, 50, 100, 500, 1000];

/** The number of posts from which users are listed: a mean length of two posts says little. */
export const usualMinPosts = (order: Order["by"]): number => (order === "avg_post_length" ? 20 : 1);

/** Chooses the number of posts from which users are listed. */
export const MinPosts = (props: { chosen: number; isSortedByLength: boolean; choose: (count: number) => void }) => (
  <p class="min-posts">
    <label>
      {text().before}{" "}
      <select name="min_posts" onChange={(event) => props.choose(Number(event.currentTarget.value))}>
        <For each={[...new Set([...choices, props.chosen])].toSorted((a, b) => a - b)}>
          {(count) => (
            <option value={count} selected={count === props.chosen}>
              {number(count)} {t().units.posts(count)}
            </option>
          )}
        </For>
      </select>
    </label>
    <Show when={props.isSortedByLength && props.chosen > 1}>
      <span class="aliases">{text().reason}</span>
    </Show>
  </p>
);
