import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import type { Belongings } from "../process/belongings.js";
import { Service } from "./service.js";
import { checkServiceOptions, type ServiceOptions } from "./service-options.js";

/** Starts a service that belongs to a kit. */
export async function startService(options: ServiceOptions, belongings: Belongings): Promise<Service> {
  checkServiceOptions(options);
  const { entry, env = {}, nats, args = [] } = options;
  const file = entry instanceof URL ? fileURLToPath(entry) : entry;
  const managed = await belongings.launch({
    name: options.name ?? basename(file),
    command: process.execPath,
    args: [file, ...args],
    env: { ...(nats !== undefined && { NATS_URL: nats }), ...env },
    ipc: true,
  });
  return new Service(managed, options);
}
