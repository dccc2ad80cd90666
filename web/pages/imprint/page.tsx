import { createResource, Show } from "solid-js";
import { answer, api } from "../../api.ts";
import { Loaded } from "../../components/loaded.tsx";
import { Page } from "../../components/page.tsx";
import { t } from "../../i18n/index.ts";

export default function ImprintPage() {
  const [imprint, { refetch }] = createResource(() => answer(api.imprint.$get()));
  return (
    <Page title={t().imprint.title} lead={t().imprint.lead}>
      <Loaded resource={imprint} refetch={refetch} height="8rem">
        {(data) => (
          <section class="card prose">
            <Show when={data().name || data().contact_info} fallback={<p>{t().imprint.missing}</p>}>
              <p>
                <strong>{data().name}</strong>
              </p>
              <p style={{ "white-space": "pre-line" }}>{data().contact_info}</p>
            </Show>
          </section>
        )}
      </Loaded>
    </Page>
  );
}
