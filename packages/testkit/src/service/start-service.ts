import { basename, dirname, extname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Belongings } from "../process/belongings.js";
import type { ManagedProcess } from "../process/managed-process.js";
import { Service } from "./service.js";
import { checkServiceOptions, type ServiceOptions } from "./service-options.js";

/** Starts a service that belongs to a kit. */
export async function startService(options: ServiceOptions, belongings: Belongings): Promise<Service> {
  checkServiceOptions(options);
  const { entry, env = {}, nats, args = [] } = options;
  const file = entry instanceof URL ? fileURLToPath(entry) : entry;
  const launch = (): Promise<ManagedProcess> =>
    belongings.launch({
      name: options.name ?? nameOf(resolve(file)),
      command: process.execPath,
      args: [file, ...args],
      env: { ...(nats !== undefined && { NATS_URL: nats }), ...env },
      ipc: true,
    });
  return new Service(await launch(), launch, options);
}

/** Names that say nothing about a service. */
const anonymous: ReadonlySet<string> = new Set("main index service server start app src dist lib build out".split(" "));

/** `orders` for `orders/dist/main.js`, and for `orders.js`. */
function nameOf(path: string): string {
  const name = basename(path, extname(path));
  const folder = dirname(path);
  if (!anonymous.has(name)) return name;
  return folder === path || basename(folder) === "" ? name : nameOf(folder);
}
