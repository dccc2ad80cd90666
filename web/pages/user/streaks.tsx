import { createResource, For, type JSX, Show } from "solid-js";
import { answer, api, type Streaks } from "../../api.ts";
import { below } from "../../base.ts";
import { Card } from "../../components/card.tsx";
import { Explanation } from "../../components/explanation.tsx";
import { Loaded } from "../../components/loaded.tsx";
import { daysText, spanText, weeksText } from "../../components/spans.ts";
import { shortDay, texts } from "../../i18n/index.ts";

const text = texts({
  de: {
    title: "Serien und Pausen",
    all: "Alle Serien",
    longest: "Längste Serie",
    running: "Laufende Serie",
    pause: "Längste Pause",
    weeks: "Wochen in Folge",
    active: "Tage mit Posts",
    notRunning: "keine",
    noPause: "keine",
    picture: "Vom ersten bis zum letzten Tag: die längste Serie und die längste Pause",
  },
  en: {
    title: "Streaks and pauses",
    all: "All streaks",
    longest: "Longest streak",
    running: "Running streak",
    pause: "Longest pause",
    weeks: "Weeks in a row",
    active: "Days with posts",
    notRunning: "none",
    noPause: "none",
    picture: "From the first to the last day: the longest streak and the longest pause",
  },
});

/** The user's streaks and pauses. No filter of the page applies to them. */
export function UserStreaks(props: { uid: string }) {
  const [streaks, { refetch }] = createResource(
    () => ({ uid: props.uid }),
    (query) => answer(api["user-streaks"].$get({ query })),
  );
  return (
    <Loaded resource={streaks} refetch={refetch} height="15rem">
      {(data) => (
        <Show when={data().active_days > 0}>
          <StreaksCard streaks={data()} />
        </Show>
      )}
    </Loaded>
  );
}

const StreaksCard = (props: { streaks: Streaks }) => (
  <Card
    title={text().title}
    ignores={["year", "bid"]}
    tools={
      <div class="tools">
        <Explanation measures={["streaks"]} />
        <a class="button quiet" href={below("/streaks")}>
          {text().all}
        </a>
      </div>
    }
  >
    <Life streaks={props.streaks} />
    <dl class="streak-facts">
      <Fact name={text().longest} mark="streak" span={props.streaks.longest}>
        {daysText(props.streaks.longest?.days ?? 0)}
      </Fact>
      <Fact name={text().running} mark="running" span={props.streaks.running}>
        {props.streaks.running ? daysText(props.streaks.running.days) : text().notRunning}
      </Fact>
      <Fact name={text().pause} mark="pause" span={props.streaks.pause}>
        {props.streaks.pause ? daysText(props.streaks.pause.days) : text().noPause}
      </Fact>
      <Fact name={text().weeks} span={props.streaks.weeks}>
        {weeksText(props.streaks.weeks?.weeks ?? 0)}
      </Fact>
      <Fact
        name={text().active}
        span={{ from: props.streaks.first_day ?? "", to: props.streaks.last_day ?? props.streaks.first_day ?? "" }}
      >
        {daysText(props.streaks.active_days)}
      </Fact>
    </dl>
  </Card>
);

const Fact = (props: {
  name: string;
  mark?: string;
  span: { from: string; to: string } | null;
  children: JSX.Element;
}) => (
  <div>
    <dt>
      <Show when={props.mark}>{(mark) => <i class={`streak-mark ${mark()}`} aria-hidden="true" />}</Show>
      {props.name}
    </dt>
    <dd>
      <b>{props.children}</b>
      <Show when={props.span}>{(span) => <span class="aliases">{spanText(span())}</span>}</Show>
    </dd>
  </div>
);

/** The days from a user's first to the last as a bar, with the longest pause, the longest streak and the running one. */
function Life(props: { streaks: Streaks }) {
  const [from, to] = [() => Date.parse(props.streaks.first_day ?? ""), () => Date.parse(props.streaks.last_day ?? "")];
  const day_ms = 86_400_000;
  const share = (time: number) => (100 * (time - from())) / (to() - from() + day_ms);
  const parts = () => [
    { name: "pause", span: props.streaks.pause },
    { name: "streak", span: props.streaks.longest },
    { name: "running", span: props.streaks.running },
  ];
  return (
    <div class="streak-life">
      <div class="streak-bar" role="img" aria-label={text().picture}>
        <For each={parts()}>
          {({ name, span }) => (
            <Show when={span}>
              {(found) => (
                <i
                  class={name}
                  style={{
                    left: `${share(Date.parse(found().from))}%`,
                    width: `${share(Date.parse(found().to) + day_ms) - share(Date.parse(found().from))}%`,
                  }}
                />
              )}
            </Show>
          )}
        </For>
      </div>
      <p class="streak-ends aliases">
        <span>{shortDay(props.streaks.first_day ?? "")}</span>
        <span>{shortDay(props.streaks.last_day ?? "")}</span>
      </p>
    </div>
  );
}
