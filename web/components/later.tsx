import { type Component, createResource } from "solid-js";
import { Dynamic } from "solid-js/web";
import { t } from "../i18n/index.ts";
import { awaited } from "../place.ts";
import { Loaded } from "./loaded.tsx";

/**
 * A component whose code comes when it is needed: a skeleton until then, and where it does not come, or is gone because the
 * server has a newer version, that alone says so. Solid's `lazy` would hold back the way to a page until its code is there, and
 * whoever goes back meanwhile ends on another page than the address says.
 */
export function later<Props extends object>(load: () => Promise<{ default: Component<Props> }>, height: string) {
  let known: Component<Props> | undefined;
  const fetched = async () => {
    const code = await awaited(load()).catch(() => {
      throw new Error(t().codeMissing);
    });
    return (known = code.default);
  };
  const Later = (props: Props) => {
    // What is known is there at once, without a skeleton.
    const [code] = createResource(() => known ?? fetched());
    return (
      <Loaded resource={code} refetch={() => location.reload()} height={height}>
        {(component) => <Dynamic component={component()} {...props} />}
      </Loaded>
    );
  };
  /** The router's wish when a link is pointed at; what fails here is told when the page is opened. */
  return Object.assign(Later, { preload: () => void fetched().catch(() => {}) });
}
