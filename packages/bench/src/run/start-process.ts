import type { Service } from "@muove/testkit";
import type { Bench } from "./bench.js";

/** Starts one of `processes/` as in production. Resolves when it is ready. */
export async function startProcess(
  { kit, nats, processes }: Bench,
  role: string,
  ...args: readonly string[]
): Promise<Service> {
  const started = await kit.service({
    entry: new URL(`${role}.js`, processes),
    args,
    name: `${role} ${args.join(" ")}`,
    nats: nats.url,
    env: { NODE_ENV: "production", LOG_LEVEL: "warn" },
    // It sends a message when it is ready. Output before that does not matter.
    readyLine: /^\0$/,
    readyWithin: 20_000,
  });
  await started.ready;
  return started;
}
