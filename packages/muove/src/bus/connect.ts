import { Bus } from "./bus.js";
import { makeParts } from "./make-parts.js";
import { type ConnectOptions, settings } from "./options.js";

/**
 * Joins the bus. Returns at once, whether NATS is up, down or never there: it is dialled in the background, forever, and
 * until it is there every call resolves to `unavailable/unreachable`, so that fallbacks answer.
 *
 * @throws InvalidOptions naming everything that is wrong with the options.
 */
export function connect(options: ConnectOptions): Bus {
  return new Bus(makeParts(settings(options)));
}
