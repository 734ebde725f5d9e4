import { defineConfig } from "vitest/config";

// Packages resolve to their sources here, so that a change is tested without a build (the "@muove/source" condition
// of their package.json). What runs in processes of its own is built first: see scripts/test.mjs.
const source = {
  resolve: { conditions: ["@muove/source"] },
  ssr: { resolve: { conditions: ["@muove/source"] } },
};

// Faults are injected for real and times are bounded, while CI's machines are shared: what fails there is tried again,
// and vitest says so. On a developer's machine nothing is tried twice.
const retry = process.env.CI ? 2 : 0;

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
          exclude: ["test/failures/**", "test/containers/**", "**/node_modules/**", "**/dist/**"],
          testTimeout: 30_000,
          hookTimeout: 60_000,
          retry,
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
          retry,
        },
      },
      {
        ...source,
        // Docker's own work disturbs what measures, so these come last.
        test: {
          name: "containers",
          include: ["test/containers/**/*.test.ts"],
          fileParallelism: false,
          sequence: { groupOrder: 2 },
          testTimeout: 60_000,
          hookTimeout: 60_000,
          retry,
        },
      },
    ],
  },
});
