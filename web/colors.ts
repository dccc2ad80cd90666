/**
 * The colors of CSS variables as the browser shows them in an element, with the color scheme and forced colors
 * resolved. The text of a variable may be a function such as `light-dark()`.
 */
export function colorsIn(element: Element, variables: readonly string[]): Map<string, string> {
  const probe = element.appendChild(document.createElement("i"));
  const colors = new Map(
    variables.map((name) => {
      probe.style.color = `var(${name})`;
      return [name, getComputedStyle(probe).color];
    }),
  );
  probe.remove();
  return colors;
}
