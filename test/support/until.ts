import { eventually } from "@muove/testkit";

/** The testkit's `eventually()` for suites that wait often: each wait says what for, and is over soon after it holds. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, ms = 10_000): Promise<void> {
  await eventually(holds, { what, within: ms, every: 2 });
}
