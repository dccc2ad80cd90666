import { For } from "solid-js";
import { Page } from "../../components/page.tsx";
import { t } from "../../i18n/index.ts";

export default function PrivacyPage() {
  return (
    <Page title={t().privacy.title}>
      <section class="card prose">
        <For each={t().privacy.paragraphs}>{(paragraph) => <p>{paragraph}</p>}</For>
      </section>
    </Page>
  );
}
