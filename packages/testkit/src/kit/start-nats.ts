import { ContainerNats } from "../container/container-nats.js";
import { freePort } from "../free-port.js";
import { embedded } from "../nats/embedded.js";
import { LocalNats } from "../nats/local-nats.js";
import type { Nats } from "../nats/nats.js";
import { checkNatsOptions, type EmbeddedOptions, type NatsOptions } from "../nats/nats-options.js";
import { natsServer } from "../nats/nats-server.js";
import { remoteNats } from "../nats/remote-nats.js";
import type { Belongings } from "../process/belongings.js";

/** How many ports to try if the test does not choose one and another process takes it first. */
const maxTries = 3;

/** Starts a NATS that belongs to a kit. */
export async function startNats(options: NatsOptions, belongings: Belongings): Promise<Nats> {
  checkNatsOptions(options);
  belongings.demandOpen();
  const { on = "embedded" } = options;
  if (typeof on === "object") return remoteNats(on.url);
  const { port, start = true } = options as Exclude<NatsOptions, { on: { url: string } }>;
  const make = makerOf(options, belongings);
  for (let tries = 1; ; tries++) {
    const nats = make(port ?? (await freePort()));
    if (!start) return nats;
    try {
      await nats.start();
      return nats;
    } catch (error) {
      const taken = /address already in use|PORT_IN_USE|port is already allocated/.test(`${nats.output}${error}`);
      if (port !== undefined || !taken || tries === maxTries) throw error;
    }
  }
}

function makerOf(options: NatsOptions, belongings: Belongings): (port: number) => Nats {
  if (options.on === "container") return (port) => new ContainerNats(options, port, belongings);
  const kind = kindOf(options, belongings);
  return (port) => new LocalNats(kind, port, belongings);
}

function kindOf(options: NatsOptions, belongings: Belongings) {
  if (options.on === "nats-server") return natsServer(options, belongings);
  return embedded(options as EmbeddedOptions, belongings);
}
