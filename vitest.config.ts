import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { faults } from "./test/support/faults.js";
import { LongestFirst } from "./test/support/longest-first.js";

// Packages resolve to their sources here, so that a change is tested without a build (the "@muove/source" condition
// of their package.json). What runs in processes of its own is built first: see scripts/test.mjs.
const source = {
  resolve: { conditions: ["@muove/source"] },
  ssr: { resolve: { conditions: ["@muove/source"] } },
};

// Where faults are injected in real time, CI tries again what fails, as its machines are shared; scripts/test.mjs says so,
// and fails above a quota. Nothing else is tried twice, and nothing at all on a developer's machine.
const retry = process.env.CI ? 2 : 0;

// Tests of a system wait more than they compute, so there may be more of them at once than cores.
const cores = availableParallelism();
const waiting = { maxWorkers: Math.max(4, cores) };
const system = { testTimeout: 60_000, hookTimeout: 60_000 };

/** In this order; types come last of all. */
const order = (groupOrder: number) => ({ sequence: { groupOrder } });

const notHere = ["**/node_modules/**", "**/dist/**"];

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        ...source,
        test: {
          name: "unit",
          include: ["packages/*/src/**/*.test.ts", "examples/**/src/**/*.test.ts"],
          maxWorkers: cores,
          testTimeout: 30_000, // Some go through many cases, which takes long on a busy machine.
          ...order(1),
        },
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
          exclude: [...faults, "test/failures/**", "test/threats/**", "test/containers/**", ...notHere],
          ...system,
          ...waiting,
          ...order(2),
        },
      },
      {
        ...source,
        test: { name: "faults", include: [...faults], exclude: notHere, ...system, ...waiting, ...order(3), retry },
      },
      {
        ...source,
        // As the failures: attacks that are carried out and measured.
        test: {
          name: "threats",
          include: ["test/threats/**/*.test.ts"],
          maxWorkers: 2,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          ...order(4),
          retry,
        },
      },
      {
        ...source,
        // These measure, so only two run at once, and nothing beside them. Most of their time they wait.
        test: {
          name: "failures",
          include: ["test/failures/**/*.test.ts"],
          maxWorkers: 2,
          hookTimeout: 60_000,
          ...order(5),
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
          testTimeout: 60_000,
          hookTimeout: 60_000,
          ...order(6),
          retry,
        },
      },
    ],
  },
});
