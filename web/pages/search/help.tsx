import { For } from "solid-js";
import { t } from "../../i18n/index.ts";

/** The query language, while there is nothing to search for. */
export const SearchHelp = () => (
  <section class="card prose">
    <p>{t().search.start}</p>
    <table>
      <caption class="sr-only">{t().search.help}</caption>
      <tbody>
        <For each={t().search.helpRows}>
          {([syntax, meaning]) => (
            <tr>
              <th scope="row">
                <code>{syntax}</code>
              </th>
              <td>{meaning}</td>
            </tr>
          )}
        </For>
      </tbody>
    </table>
  </section>
);
