import { CloseButton, Content, Overlay, Portal, Root, Title } from "@kobalte/core/dialog";
import { For, Show } from "solid-js";
import { type Measure, titleOf } from "../charts/units.ts";
import { dateTime, t, texts } from "../i18n/index.ts";
import { status } from "../status.ts";
import type { Explained } from "./explanation.tsx";
import { explanations } from "./explanations.ts";
import { type MemoryName, memoryExplanations } from "./memory-explanations.ts";
import { type RecordName, recordTitle } from "./records.ts";

const text = texts({
  de: {
    formula: "Formel",
    timezone: "Zeitzone",
    asOf: "Stand",
    read: (time: string) => `im Forum gelesen: ${time}`,
    analyzed: (time: string) => `ausgewertet: ${time}`,
  },
  en: {
    formula: "Formula",
    timezone: "Time zone",
    asOf: "As of",
    read: (time) => `read from the forum: ${time}`,
    analyzed: (time) => `analyzed: ${time}`,
  },
});

const explanationOf = (name: Explained): { title: string; definition: string; formula?: string } => {
  const measures = explanations();
  if (name in measures) return { title: titleOf(name as Measure), ...measures[name as Measure] };
  const memory = memoryExplanations()[name as MemoryName];
  return { ...memory, title: memory.title ?? recordTitle(name as RecordName) };
};

/** How statistics are counted: their definition and formula, the time zone of days and years, and the data's age. */
export default function ExplanationDialog(props: { title: string; measures: readonly Explained[]; close: () => void }) {
  return (
    <Root open preventScroll={false} onOpenChange={(isOpen) => !isOpen && props.close()}>
      <Portal>
        <Overlay class="dialog-overlay" />
        <Content class="dialog explanation">
          <Title>{props.title}</Title>
          <For each={props.measures}>
            {(measure) => (
              <section>
                <h3>{explanationOf(measure).title}</h3>
                <p>{explanationOf(measure).definition}</p>
                <Show when={explanationOf(measure).formula}>
                  {(formula) => (
                    <p class="formula">
                      {text().formula}: <code>{formula()}</code>
                    </p>
                  )}
                </Show>
              </section>
            )}
          </For>
          <Show when={status()}>{(current) => <Age status={current()} />}</Show>
          <CloseButton class="button" aria-label={t().close}>
            {t().close}
          </CloseButton>
        </Content>
      </Portal>
    </Root>
  );
}

const Age = (props: { status: NonNullable<ReturnType<typeof status>> }) => (
  <dl class="facts">
    <div>
      <dt>{text().timezone}</dt>
      <dd>{props.status.timezone}</dd>
    </div>
    <div>
      <dt>{text().asOf}</dt>
      <dd>
        <For
          each={[
            [text().read, props.status.last_crawl_at] as const,
            [text().analyzed, props.status.last_analysis_at] as const,
          ]}
        >
          {([say, time]) => <Show when={time}>{(iso) => <div>{say(dateTime(new Date(iso())))}</div>}</Show>}
        </For>
      </dd>
    </div>
  </dl>
);
