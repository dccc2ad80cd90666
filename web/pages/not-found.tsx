import { Page } from "../components/page.tsx";
import { t } from "../i18n/index.ts";

export default function NotFoundPage() {
  return (
    <Page title={t().notFound.title} lead={t().notFound.lead}>
      <p class="tools">
        <a class="button" href="/">
          {t().nav.overview}
        </a>
        <a class="button" href="/search">
          {t().nav.search}
        </a>
      </p>
    </Page>
  );
}
