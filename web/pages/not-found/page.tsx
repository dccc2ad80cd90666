import { below } from "../../base.ts";
import { Page } from "../../components/page.tsx";
import { t } from "../../i18n/index.ts";

export default function NotFoundPage() {
  return (
    <Page title={t().notFound.title} lead={t().notFound.lead}>
      <p class="tools">
        <a class="button" href={below("/")}>
          {t().nav.overview}
        </a>
        <a class="button" href={below("/search")}>
          {t().nav.search}
        </a>
      </p>
    </Page>
  );
}
