// The embedded broker's `startBroker()` and the testkit, as far as the examples use them, on nats-server.
import { appendFileSync } from "node:fs";
import { testkit as anyKit } from "@muove/testkit";

export * from "@muove/testkit";

/** @param {import("@muove/broker").BrokerOptions} options */
export async function startBroker({ port }) {
  const kit = testkit();
  const nats = await kit.nats({ on: "nats-server", ...(port && { port }) });
  return { port: nats.port, url: nats.url, close: () => kit.close() };
}

export function testkit() {
  const kit = anyKit();
  const { nats } = kit;
  /** @param {import("@muove/testkit").ServerOptions} options */
  kit.nats = async (options = { on: "nats-server" }) => {
    const server = await nats.call(kit, options);
    appendFileSync(process.env.MUOVE_STARTED ?? "", server.output);
    return server;
  };
  return kit;
}
