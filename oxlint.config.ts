/** The linter's rules. */
import { defineConfig } from "oxlint";

/** An import that leaves its package by a relative path. */
const neighbors = {
  regex: "^(\\.\\./)+(analytics|bbcode|bench|cli|crawler|csv|db|pipeline|search|server|simulator|tools|web)/",
  message: "Import the package (@potstats/…), not a path into a neighbor.",
};
const testHelpers = { group: ["@potstats/*/testing/**"], message: "Test helpers are for tests." };
const forTestsOnly = {
  group: ["@potstats/simulator/**", "@potstats/*/testing/**", "fast-check"],
  message: "These are there for tests only.",
};
const serverPackages = {
  regex: "^@potstats/(analytics|bbcode|bench|cli|crawler|db|pipeline|search|server|simulator|tools)/",
  allowTypeImports: true,
  message: "The web application knows the server by type only; csv is pure text, for both.",
};
const restrictImports = (...patterns: object[]): ["error", { patterns: object[] }] => ["error", { patterns }];

const tests = ["**/*.test.ts", "**/*.test.tsx", "**/testing/**"];

export default defineConfig({
  plugins: ["typescript", "unicorn", "oxc", "import", "promise"],
  categories: { correctness: "error", suspicious: "error" },
  ignorePatterns: ["**/dist", "data"],
  rules: {
    "no-await-in-loop": "off",
    "unicorn/require-module-specifiers": "off",
    "unicorn/consistent-function-scoping": "off",
    "import/no-unassigned-import": "off",
    "import/no-cycle": "error",
    "typescript/no-explicit-any": "error",
    "typescript/no-non-null-assertion": "error",
    "eslint/no-restricted-imports": restrictImports(neighbors, testHelpers),
    "promise/always-return": "off",
    "no-underscore-dangle": "off",
    "no-unused-vars": [
      "error",
      { argsIgnorePattern: "^_", varsIgnorePattern: "^_", destructuredArrayIgnorePattern: "^_" },
    ],
  },
  overrides: [
    {
      files: [...tests, "bench/**", "tools/**"],
      rules: {
        "typescript/no-non-null-assertion": "off",
        "eslint/no-restricted-imports": restrictImports(neighbors),
      },
    },
    {
      files: ["crawler/**", "analytics/**", "search/**"],
      rules: { "eslint/no-restricted-imports": restrictImports(neighbors, forTestsOnly) },
    },
    {
      files: tests,
      rules: { "eslint/no-restricted-imports": restrictImports(neighbors) },
    },
    {
      files: ["web/**/*.ts", "web/**/*.tsx"],
      rules: { "eslint/no-restricted-imports": restrictImports(serverPackages) },
    },
    {
      files: ["web/**/*.test.ts", "web/**/*.test.tsx"],
      rules: { "eslint/no-restricted-imports": "off" },
    },
    {
      files: ["server/**/*.ts"],
      rules: {
        "no-restricted-globals": [
          "error",
          {
            name: "Bun",
            message: "The app runs on any web-standard runtime; Bun is for main.ts, cache/main.ts and serve.ts.",
          },
          { name: "Buffer", message: "The app runs on any web-standard runtime: Uint8Array." },
          { name: "process", message: "The app runs on any web-standard runtime; main.ts passes values in." },
        ],
      },
    },
    {
      files: [
        "server/main.ts",
        "server/cache/main.ts",
        "server/{healthcheck,serve}.ts",
        "server/**/*.test.ts",
        "server/testing/**",
      ],
      rules: { "no-restricted-globals": "off" },
    },
  ],
});
