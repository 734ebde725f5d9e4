import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Belongings } from "../process/belongings.js";
import { line } from "../process/ready.js";
import { demandNatsServer } from "./find-nats-server.js";
import type { Kind } from "./local-nats.js";
import type { NatsConfig } from "./nats-config.js";
import { checkConfig, type ServerOptions } from "./nats-options.js";
import { toServerConfig } from "./server-config.js";

/**
 * A real server, with a folder for its configuration and what it stores.
 *
 * @throws TestkitError MUOVE_TESTKIT_NO_NATS_SERVER
 */
export function natsServer(options: ServerOptions, belongings: Belongings): Kind {
  const { config = {}, text = "", args = [], jetStream = false, program = demandNatsServer() } = options;
  const folder = belongings.makeFolder();
  const file = join(folder, "nats.conf");
  const write = (changed: NatsConfig, more = text): void => writeFileSync(file, `${toServerConfig(changed)}${more}\n`);
  write(config);
  const stores = jetStream ? ["-js", "-sd", join(folder, "store")] : [];
  return {
    on: "nats-server",
    launch: (port) => ({
      name: "nats-server",
      command: program,
      args: ["-a", "127.0.0.1", "-p", String(port), "-c", file, ...stores, ...args],
    }),
    ready: (managed) => line(managed, /Server is ready/),
    configure: (changed, more) => {
      checkConfig(changed, true);
      write(changed, more);
    },
  };
}
