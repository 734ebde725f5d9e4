import { eventually } from "@muove/testkit";
import type { Bus } from "muove";

/** Resolves when a bus is connected. */
export async function connected(bus: Bus): Promise<void> {
  await eventually(() => bus.status.connection.state === "up");
}
