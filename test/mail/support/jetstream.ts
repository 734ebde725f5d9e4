import { type Nats, type NatsConfig, type Testkit, testkit } from "@muove/testkit";
import { type Bus, type ConnectOptions, connect } from "muove";
import { describe, onTestFinished } from "vitest";
import { natsServerThatKeepsMail } from "../../support/nats-server.js";

const program = natsServerThatKeepsMail();

/** Tests of kept mail on a real server; older ones lose letters. */
export function describeMail(title: string, tests: () => void): void {
  describe.skipIf(program === undefined)(`[needs nats-server 2.10 or later] ${title}`, tests);
}

/** A NATS with JetStream, gone after the test. */
export async function jetStream(config: NatsConfig = {}): Promise<Nats> {
  const kit: Testkit = testkit();
  onTestFinished(() => kit.close());
  return await kit.nats({ on: "nats-server", jetStream: true, config, ...(program !== undefined && { program }) });
}

/** A bus that is connected, and closed after the test. */
export async function join({ url }: Nats, service: string, options: Partial<ConnectOptions> = {}): Promise<Bus> {
  const bus = connect({ service, servers: url, logger: false, ...options });
  onTestFinished(() => bus.close({ timeout: 1 }));
  await bus.connected();
  return bus;
}
