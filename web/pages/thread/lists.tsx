import { For, Show } from "solid-js";
import type { ThreadStats } from "../../api.ts";
import { Card } from "../../components/card.tsx";
import { PairLink } from "../../components/pair-link.tsx";
import { PostLink } from "../../components/post-link.tsx";
import { Share } from "../../components/share.tsx";
import { FoldedTable } from "../../components/table-card.tsx";
import { UserLink } from "../../components/user-link.tsx";
import { plural } from "../../i18n/formats.ts";
import { number, t, texts } from "../../i18n/index.ts";

const text = texts({
  de: {
    people: "Teilnehmer",
    more: (count: number) =>
      count === 1 ? "Und ein weiterer Teilnehmer." : `Und ${number(count)} weitere Teilnehmer.`,
    alone: "Hier schrieben nur diese beiden:",
    quoted: "Meistzitierte Posts",
    by: "von",
    unquoted: "Noch kein Post aus diesem Thread wurde zitiert.",
    quotes: (count: number) => plural(count, "Zitat", "Zitate"),
  },
  en: {
    people: "Participants",
    more: (count) => (count === 1 ? "And one more participant." : `And ${number(count)} more participants.`),
    alone: "Only these two wrote here:",
    quoted: "Most quoted posts",
    by: "by",
    unquoted: "No post of this thread has been quoted yet.",
    quotes: (count) => plural(count, "quote", "quotes"),
  },
});

/** Who wrote most. */
export function People(props: { thread: ThreadStats }) {
  const others = () => props.thread.participants - props.thread.users.length;
  const two = () => {
    const [one, other] = props.thread.users;
    return props.thread.participants === 2 && one && other ? { one: one.user, other: other.user } : undefined;
  };
  return (
    <Card title={text().people}>
      <FoldedTable
        caption={text().people}
        rows={props.thread.users}
        firstRows={10}
        columns={[
          { name: t().columns.user, isHeader: true, cell: (row) => <UserLink user={row.user} /> },
          {
            name: t().columns.share,
            isShare: true,
            cell: (row) => <Share part={row.post_count} whole={props.thread.post_count} />,
          },
          { name: t().columns.posts, isNumber: true, cell: (row) => number(row.post_count) },
        ]}
      />
      <Show when={others() > 0}>
        <p class="hint">{text().more(others())}</p>
      </Show>
      <Show when={two()}>
        {(pair) => (
          <p class="hint">
            {text().alone} <PairLink one={pair().one} other={pair().other} />
          </p>
        )}
      </Show>
    </Card>
  );
}

/** The posts that most other posts quote. */
export const Quoted = (props: { thread: ThreadStats }) => (
  <Card title={text().quoted}>
    <Show when={props.thread.most_quoted.length > 0} fallback={<p class="aliases">{text().unquoted}</p>}>
      <ol class="quoted-posts">
        <For each={props.thread.most_quoted}>
          {({ post, quoted_count }) => (
            <li>
              <span>
                <PostLink post={post} /> <span class="aliases">{text().by}</span> <UserLink user={post.user} />
              </span>
              <span class="number">
                {number(quoted_count)} {text().quotes(quoted_count)}
              </span>
            </li>
          )}
        </For>
      </ol>
    </Show>
  </Card>
);
