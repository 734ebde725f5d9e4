import type { Connection } from "../connection/connection.js";
import { Tokens } from "../wire/tokens.js";
import { Violation } from "../wire/violation.js";

const tokens = new Tokens();

/**
 * UNSUB: `<sid> [max]`. If the maximum is above the number delivered so far, the subscription ends with that many
 * messages. Otherwise, or if the maximum is not a number, it ends at once.
 */
export function unsubscribe(connection: Connection, bytes: Buffer, start: number, end: number): void {
  tokens.split(bytes, start, end, true);
  if (tokens.count !== 1 && tokens.count !== 2) throw new Violation();
  connection.heartbeat.active();
  const subscription = connection.subscriptions.get(tokens.key(0));
  const max = tokens.count === 2 ? tokens.size(1) : -1;
  if (subscription !== undefined) {
    if (max > 0 && max > subscription.delivered) subscription.max = max;
    else connection.unsubscribe(subscription.sidKey);
  }
  connection.sendOk();
}
