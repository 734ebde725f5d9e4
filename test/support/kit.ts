import { type Testkit, testkit } from "@muove/testkit";
import { onTestFinished } from "vitest";

/** A kit that ends with the test. */
export function makeKit(): Testkit {
  const kit = testkit();
  onTestFinished(() => kit.close());
  return kit;
}
