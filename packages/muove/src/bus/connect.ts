import { Bus } from "./bus.js";
import { makeParts } from "./make-parts.js";
import { type ConnectOptions, settings } from "./options.js";

/**
 * Connects to the bus. Returns at once, whether NATS is up or not: it dials in the background, forever. While it dials
 * for the first time, calls wait for that, within their timeout. From then on every call resolves to
 * `unavailable/unreachable` at once while there is no connection, so that fallbacks answer.
 *
 * @throws InvalidOptions listing every problem with the options.
 */
export function connect(options: ConnectOptions): Bus {
  return new Bus(makeParts(settings(options)));
}
