import type { Service } from "@muove/testkit";
import type { Bus, BusStatus } from "muove";
import type { Fault } from "./failure.js";

const entry = new URL("../../dist/services/worker.js", import.meta.url);

/** A worker in its own process. For what it can be asked, see services/worker.ts. */
export type Worker = Service;

/** Starts a worker without waiting for it. */
export function launchWorker({ kit }: Pick<Fault, "kit">, nats: { readonly url: string }, env = {}): Promise<Worker> {
  return kit.service({ entry, nats: nats.url, env });
}

/** Starts a worker. Resolves when its mailbox is open. */
export async function startWorker(
  fault: Pick<Fault, "kit">,
  nats: { readonly url: string },
  env = {},
): Promise<Worker> {
  const started = await launchWorker(fault, nats, env);
  await started.ready; // Connected, and so its mailbox is subscribed.
  return started;
}

export const statusOf = (service: Worker): Promise<BusStatus> => service.ask("status");
export const countsOf = async (service: Worker): Promise<BusStatus["counts"]> => (await statusOf(service)).counts;
export const notesOf = (service: Worker): Promise<string[]> => service.ask("notes");
export const healthOf = (service: Worker): Promise<Bus["health"]> => service.ask("health");
