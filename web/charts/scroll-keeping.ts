import { useLocation } from "@solidjs/router";
import { untrack } from "solid-js";

/**
 * Returns a function that marks a link if it leads to the page that it is on, with another selection: the page then
 * keeps its scroll position. The router reads the attribute in lower case, and links of SVG do not turn it into that.
 */
export function useScrollKeeping(): (link: Element, href: string) => void {
  const location = useLocation();
  // Read once: while the page is being left, the location is already that of the next one.
  const path = untrack(() => location.pathname);
  return (link, href) => link.toggleAttribute("noscroll", href.split("?")[0] === path);
}
