import type { Service } from "@muove/testkit";
import type { Fault } from "./failure.js";

/** The built file of a service in services/. */
export const built = (name: string): URL => new URL(`../../dist/services/${name}.js`, import.meta.url);

/** Starts a service of services/ in its own process. Resolves when its mailbox is open. */
export async function startService(
  { kit }: Pick<Fault, "kit">,
  name: string,
  nats: { readonly url: string },
  env: Readonly<Record<string, string>> = {},
): Promise<Service> {
  const service = await kit.service({ entry: built(name), name, nats: nats.url, env });
  await service.ready; // Connected, and so its mailbox is subscribed.
  return service;
}
