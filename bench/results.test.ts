import { expect, test } from "bun:test";
import { withSection } from "./results.ts";

test("a section replaces the section with the same title, and nothing else changes", () => {
  const first = withSection("# Measured\n\nWords.\n", "## `one`\n\n1\n");
  const both = withSection(first, "## `one two`\n\n2\n");
  expect(both).toBe("# Measured\n\nWords.\n\n## `one`\n\n1\n\n## `one two`\n\n2\n");
  expect(withSection(both, "## `one`\n\n3\n")).toBe("# Measured\n\nWords.\n\n## `one`\n\n3\n\n## `one two`\n\n2\n");
  expect(withSection(both, "## `one two`\n\n4\n")).toBe("# Measured\n\nWords.\n\n## `one`\n\n1\n\n## `one two`\n\n4\n");
});
