import type { Service } from "@muove/testkit";
import type { Fault } from "./failure.js";

/** Where a service of services/ is, when it was built. */
export const built = (name: string): URL => new URL(`../../dist/services/${name}.js`, import.meta.url);

/** Starts a service of services/ in a process of its own; resolves when its mailbox is open. */
export async function startService(
  { kit }: Pick<Fault, "kit">,
  name: string,
  nats: { readonly url: string },
  env: Readonly<Record<string, string>> = {},
): Promise<Service> {
  const service = await kit.service({ entry: built(name), name, nats: nats.url, env });
  await service.ready; // Connected, and it connects with everything subscribed.
  return service;
}
