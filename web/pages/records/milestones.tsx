import { For, Show } from "solid-js";
import type { Records } from "../../api.ts";
import { FeedLink } from "../../components/feed-link.tsx";
import { PostLink } from "../../components/post-link.tsx";
import { UserLink } from "../../components/user-link.tsx";
import { useFilters } from "../../filters.ts";
import { number, texts } from "../../i18n/index.ts";

const text = texts({
  de: { title: "Meilensteine", post: (count: string) => `${count}. Post` },
  en: { title: "Milestones", post: (count) => `post no. ${count}` },
});

/** Who wrote the first, tenth, hundredth … post. */
export function Milestones(props: { milestones: Records["milestones"] }) {
  const filters = useFilters();
  return (
    <Show when={props.milestones.length > 0}>
      <section class="record-group">
        <div class="tools">
          <h2>{text().title}</h2>
          <FeedLink name="milestones" title={text().title} query={filters.only("bid")} />
        </div>
        <ol class="milestones">
          <For each={props.milestones}>
            {({ number: count, post }) => (
              <li class="card">
                <b>{text().post(number(count))}</b>
                <UserLink user={post.user} />
                <span class="aliases">
                  <PostLink post={post} />
                </span>
              </li>
            )}
          </For>
        </ol>
      </section>
    </Show>
  );
}
