import { type Component, createComponent, createResource, type JSX, untrack } from "solid-js";
import { t } from "../i18n/index.ts";
import { trackRequest } from "../scroll-restoration.ts";
import { Loaded } from "./loaded.tsx";

/**
 * Creates a component whose code is loaded on demand. It shows a skeleton until then, and an error if loading fails,
 * for example after an update of the server. Solid's `lazy` would suspend the navigation, and going back while the code
 * is loading would show another page than that of the URL.
 */
export function lazyComponent<Props extends object>(
  load: () => Promise<{ default: Component<Props> }>,
  height: string,
  skeleton?: () => JSX.Element,
) {
  let loaded: Component<Props> | undefined;
  const fetchCode = async () => {
    const code = await trackRequest(load()).catch(() => {
      throw new Error(t().codeMissing);
    });
    return (loaded = code.default);
  };
  const Lazy = (props: Props) => {
    // Code that has been loaded before is rendered immediately, without a skeleton.
    const [code] = createResource(() => loaded ?? fetchCode());
    return (
      <Loaded resource={code} refetch={() => location.reload()} height={height} skeleton={skeleton?.()}>
        {(component) => untrack(() => createComponent(component(), props))}
      </Loaded>
    );
  };
  /** The router calls `preload` when a link is hovered. A failure is reported when the page is opened. */
  return Object.assign(Lazy, { preload: () => void fetchCode().catch(() => {}) });
}
