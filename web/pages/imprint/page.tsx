import { createResource, Show } from "solid-js";
import { answer, api } from "../../api.ts";
import { Loaded } from "../../components/loaded.tsx";
import { Page } from "../../components/page.tsx";
import { texts } from "../../i18n/index.ts";

const text = texts({
  de: {
    lead: "Verantwortlich für diese Website",
    missing: "Der Betreiber hat keinen Namen angegeben (IMPRINT_NAME, IMPRINT_CONTACT).",
  },
  en: {
    lead: "Responsible for this website",
    missing: "The operator has not given a name (IMPRINT_NAME, IMPRINT_CONTACT).",
  },
});

export default function ImprintPage() {
  const [imprint, { refetch }] = createResource(() => answer(api.imprint.$get()));
  return (
    <Page lead={text().lead}>
      <Loaded resource={imprint} refetch={refetch} height="8rem">
        {(data) => (
          <section class="card prose">
            <Show when={data().name || data().contact_info} fallback={<p>{text().missing}</p>}>
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
