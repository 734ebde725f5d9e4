import { TestkitError } from "../errors.js";

type Testcontainers = typeof import("testcontainers");

/**
 * Loads the package `testcontainers`, which is only needed for a NATS in a container.
 *
 * @throws TestkitError MUOVE_TESTKIT_UNSUPPORTED if it is not installed.
 */
export async function loadTestcontainers(): Promise<Testcontainers> {
  try {
    return await import("testcontainers");
  } catch (cause) {
    const text =
      "A NATS in a container needs the package testcontainers: npm install --save-dev testcontainers@11. " +
      'Or use { on: "nats-server" }.';
    throw new TestkitError("MUOVE_TESTKIT_UNSUPPORTED", text, { cause });
  }
}
