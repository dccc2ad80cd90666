import { For, Show } from "solid-js";
import type { Records } from "../../api.ts";
import { PostLink } from "../../components/post-link.tsx";
import { UserLink } from "../../components/user-link.tsx";
import { number, texts } from "../../i18n/index.ts";

const text = texts({
  de: { title: "Meilensteine", post: (count: string) => `${count}. Post` },
  en: { title: "Milestones", post: (count) => `post no. ${count}` },
});

/** Who wrote the first, tenth, hundredth … post. */
export const Milestones = (props: { milestones: Records["milestones"] }) => (
  <Show when={props.milestones.length > 0}>
    <section class="record-group">
      <h2>{text().title}</h2>
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
