import { eventually } from "@muove/testkit";

/** The testkit's `eventually()` for suites that wait often: every wait says for what, and checks every 2 ms. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, ms = 10_000): Promise<void> {
  await eventually(holds, { what, within: ms, every: 2 });
}
