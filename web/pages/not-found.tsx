import { A } from "@solidjs/router";
import { Page } from "../components/page.tsx";
import { t } from "../i18n/index.ts";

export default function NotFoundPage() {
  return (
    <Page title={t().notFound.title} lead={t().notFound.lead}>
      <p class="tools">
        <A class="button" href="/">
          {t().nav.overview}
        </A>
        <A class="button" href="/search">
          {t().nav.search}
        </A>
      </p>
    </Page>
  );
}
