import { type Component, createResource } from "solid-js";
import { Dynamic } from "solid-js/web";
import { t } from "../i18n/index.ts";
import { awaited } from "../scroll-restoration.ts";
import { Loaded } from "./loaded.tsx";

/**
 * A component whose code is loaded on demand: a skeleton until it is there, and an error in its place if it cannot be
 * loaded, as when the server has a newer version. Solid's `lazy` would suspend the navigation: going back during the load
 * leaves page and URL out of step.
 */
export function later<Props extends object>(load: () => Promise<{ default: Component<Props> }>, height: string) {
  let loaded: Component<Props> | undefined;
  const fetchCode = async () => {
    const code = await awaited(load()).catch(() => {
      throw new Error(t().codeMissing);
    });
    return (loaded = code.default);
  };
  const Later = (props: Props) => {
    // Code that was loaded before is rendered at once, without a skeleton.
    const [code] = createResource(() => loaded ?? fetchCode());
    return (
      <Loaded resource={code} refetch={() => location.reload()} height={height}>
        {(component) => <Dynamic component={component()} {...props} />}
      </Loaded>
    );
  };
  /** Called by the router when a link is pointed at. A failure is reported when the page is opened. */
  return Object.assign(Later, { preload: () => void fetchCode().catch(() => {}) });
}
