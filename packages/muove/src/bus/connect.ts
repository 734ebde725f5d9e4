import { inCleanContext } from "../base/clean-context.js";
import { Bus } from "./bus.js";
import { makeParts } from "./make-parts.js";
import { type ConnectOptions, settings } from "./options.js";

/**
 * Connects to the bus. Returns at once, whether NATS is up or not: it dials in the background, forever. While it dials
 * for the first time, calls wait for that, within their timeout. From then on every call resolves to
 * `unavailable/unreachable` at once while there is no connection, so that fallbacks answer.
 *
 * With `meta`, a schema, the bus has typed metadata: `Bus<{ tenant: string }>`.
 *
 * @throws InvalidOptions listing every problem with the options.
 */
export function connect<Meta = unknown>(options: ConnectOptions<Meta>): Bus<Meta> {
  return new Bus(inCleanContext(makeParts, settings(options)));
}
