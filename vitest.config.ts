import { defineConfig } from "vitest/config";

// Packages resolve to their sources here, so that a change is tested without a build (the "@muove/source" condition
// of their package.json). What runs in processes of its own is built first: see scripts/test.mjs.
const source = {
  resolve: { conditions: ["@muove/source"] },
  ssr: { resolve: { conditions: ["@muove/source"] } },
};

export default defineConfig({
  test: {
    projects: [
      {
        ...source,
        test: { name: "unit", include: ["packages/*/src/**/*.test.ts", "examples/**/src/**/*.test.ts"] },
      },
      {
        ...source,
        test: {
          name: "types",
          include: [],
          typecheck: {
            enabled: true,
            only: true,
            checker: "tsc",
            tsconfig: "./tsconfig.json",
            include: ["packages/*/src/**/*.test-d.ts", "test/**/*.test-d.ts"],
          },
        },
      },
      {
        ...source,
        test: {
          name: "system",
          include: ["test/**/*.test.ts"],
          exclude: ["test/failures/**", "**/node_modules/**", "**/dist/**"],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        ...source,
        // These measure, so they run one after the other, and after everything else.
        test: {
          name: "failures",
          include: ["test/failures/**/*.test.ts"],
          fileParallelism: false,
          sequence: { groupOrder: 1 },
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
