import { type Bus, type ConnectOptions, connect, type DeadLetter, type Handlers } from "muove";
import { onTestFinished } from "vitest";
import type { Broker } from "../../support/brokers.js";
import { until } from "../../support/until.js";
import { handlers, type Pricing, pricing } from "./pricing.js";

type Options = Partial<ConnectOptions>;

/** A bus that is closed after the test. Does not wait for anything. */
export function openBus({ url }: { readonly url: string }, options: Options = {}): Bus {
  const bus = connect({ service: "caller", servers: url, logger: false, ...options });
  onTestFinished(() => bus.close({ timeout: 1 }));
  return bus;
}

/** A bus that is connected. */
export async function connected(broker: { readonly url: string }, options: Options = {}): Promise<Bus> {
  const bus = openBus(broker, options);
  await until("the bus is connected", () => bus.status.connection.state === "up");
  return bus;
}

/** A bus that serves pricing. */
export async function serving(
  broker: Broker,
  own: Partial<Handlers<Pricing>> = {},
  options: Options = {},
): Promise<Bus> {
  const bus = openBus(broker, { service: "pricing", ...options });
  bus.serve(pricing, handlers(own));
  await untilOpen(bus);
  return bus;
}

export const untilOpen = (bus: Bus): Promise<void> =>
  until("every mailbox is open", () => bus.status.mailboxes.every(({ state }) => state === "open"));

/** A service with the mailbox `pricing`, and a caller. */
export async function pair(broker: Broker, own: Partial<Handlers<Pricing>> = {}, options: Options = {}) {
  const [service, caller] = await Promise.all([serving(broker, own), connected(broker, options)]);
  return { service, caller, prices: caller.to(pricing) };
}

/** The dead letters of a bus, as they come. */
export function deadLettersOf(bus: Bus): DeadLetter[] {
  const letters: DeadLetter[] = [];
  bus.on("deadLetter", (letter) => void letters.push(letter));
  return letters;
}

/** A promise that the test resolves. */
export function gate(): { readonly passed: Promise<void>; open(): void } {
  let open = (): void => {};
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open };
}
