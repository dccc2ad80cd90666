import { createSignal, For, Show } from "solid-js";
import { below } from "../../base.ts";
import { Card } from "../../components/card.tsx";
import { Choice } from "../../components/page.tsx";
import { language, texts } from "../../i18n/index.ts";
import { status } from "../../status.ts";

const text = texts({
  de: {
    title: "Für die Signatur",
    hint: "Das Bild zählt mit: Posts, Platz und Serie.",
    themes: { light: "hell", dark: "dunkel" },
    theme: "Farben",
    picture: (name: string) => `Posts, Platz und Serie von ${name}`,
    copy: "Kopieren",
    copied: "Kopiert",
    bbcode: "BBCode fürs Forum",
    html: "HTML für Webseiten",
  },
  en: {
    title: "For signatures",
    hint: "The picture keeps counting: posts, rank and streak.",
    themes: { light: "light", dark: "dark" },
    theme: "Colors",
    picture: (name) => `Posts, rank and streak of ${name}`,
    copy: "Copy",
    copied: "Copied",
    bbcode: "BBCode for the forum",
    html: "HTML for web pages",
  },
});

const themes = ["light", "dark"] as const;
const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escaped = (content: string) => content.replaceAll(/[&<>"]/g, (character) => entities[character] ?? "");

/** The user's badge, and what to paste to show it. Nothing if the operator has switched badges off. */
export function UserBadge(props: { uid: string; name: string }) {
  const [theme, setTheme] = createSignal<(typeof themes)[number]>("light");
  const path = () => {
    const query = new URLSearchParams({
      uid: props.uid,
      ...(theme() === "dark" ? { theme: theme() } : {}),
      ...(language() === "de" ? {} : { lang: language() }),
    });
    return below(`/api/badge?${query}`);
  };
  const picture = () => location.origin + path();
  const page = () => location.origin + below(`/users/${props.uid}`);
  const snippets = () => [
    { name: text().bbcode, code: `[url=${page()}][img]${picture()}[/img][/url]` },
    {
      name: text().html,
      code: `<a href="${escaped(page())}"><img src="${escaped(picture())}" alt="${escaped(text().picture(props.name))}"></a>`,
    },
  ];
  return (
    <Show when={status()?.feeds}>
      <Card
        title={text().title}
        tools={
          <Choice
            label={text().theme}
            choices={themes}
            chosen={theme()}
            choose={setTheme}
            name={(choice) => text().themes[choice]}
          />
        }
      >
        <p class="badge-picture">
          <img src={path()} alt={text().picture(props.name)} height="22" loading="lazy" />
          <span class="hint">{text().hint}</span>
        </p>
        <For each={snippets()}>{(snippet) => <Snippet name={snippet.name} code={snippet.code} />}</For>
      </Card>
    </Show>
  );
}

/** Text to copy: with a button, or by hand where the browser does not allow that. */
function Snippet(props: { name: string; code: string }) {
  const [isCopied, setCopied] = createSignal(false);
  let box: HTMLInputElement | undefined;
  const copy = async () => {
    box?.select();
    try {
      await navigator.clipboard.writeText(props.code);
      setCopied(true);
      setTimeout(() => setCopied(false), 2000);
    } catch {
      // Without permission the selected text can still be copied by a key.
    }
  };
  return (
    <label class="badge-code">
      <span>{props.name}</span>
      <input
        type="text"
        readonly
        value={props.code}
        ref={(element) => (box = element)}
        onFocus={(event) => event.currentTarget.select()}
      />
      <button type="button" class="button quiet" onClick={() => void copy()}>
        <span role="status">{isCopied() ? text().copied : text().copy}</span>
      </button>
    </label>
  );
}
