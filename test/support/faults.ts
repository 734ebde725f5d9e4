// The tests that inject faults in real time: they kill, stop, stall or cut something, and watch the clock.

/** Without those of test/failures, test/threats and test/containers, where all tests do. */
export const faults: readonly string[] = [
  "test/broker/command.test.ts",
  "test/broker/lifecycle.test.ts",
  "test/broker/watchfulness.test.ts",
  "test/cluster/**/*.test.ts",
  "test/conformance/connection.test.ts",
  "test/conformance/late-loop.test.ts",
  "test/conformance/many-mailboxes.test.ts",
  "test/conformance/monitors.test.ts",
  "test/docs/snippets/guide/faults.test.ts",
  "test/link/closing.test.ts",
  "test/link/fence.test.ts",
  "test/link/moving.test.ts",
  "test/link/outage.test.ts",
  "test/link/permissions.test.ts",
  "test/link/silence.test.ts",
  "test/shop/story.test.ts",
  "test/soak/letters/soak.test.ts",
  "test/soak/soak.test.ts",
  "test/testkit/**/*.test.ts",
];
