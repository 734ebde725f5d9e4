import type { Connection } from "../connection/connection.js";
import { Subscription } from "../routing/subscription.js";
import { quote } from "../wire/quote.js";
import { Tokens } from "../wire/tokens.js";
import { Violation } from "../wire/violation.js";

const tooMany = "maximum subscriptions exceeded";

const tokens = new Tokens();

/** SUB: `<subject> [queue group] <sid>`. A sid that is already in use keeps its subscription. */
export function subscribe(connection: Connection, bytes: Buffer, start: number, end: number): void {
  tokens.split(bytes, start, end, true);
  if (tokens.count !== 2 && tokens.count !== 3) throw new Violation();
  const subject = tokens.key(0);
  const queue = tokens.count === 3 ? tokens.key(1) : undefined;
  connection.heartbeat.active();
  if (connection.closed) return;
  if (!connection.permissions.maySubscribe(subject, queue)) connection.sendError(refusal(subject, queue));
  else answer(connection, register(connection, subject, queue, tokens.key(tokens.count - 1)));
}

function answer(connection: Connection, problem: string | undefined): void {
  if (problem === undefined) connection.sendOk();
  else connection.sendError(problem);
}

/** Subscribes, or returns the reason for the refusal. */
function register(connection: Connection, subject: string, queue: string | undefined, sid: string): string | undefined {
  const { subscriptions, shared } = connection;
  if (subscriptions.size >= shared.settings.maxSubscriptions) return tooMany;
  if (subscriptions.has(sid)) return undefined;
  const subscription = new Subscription(connection, subject, queue, sid);
  if (!shared.router.hasRoomFor(subscription)) return tooMany;
  if (!shared.router.add(subscription)) return "Invalid Subject";
  subscriptions.set(sid, subscription);
  return undefined;
}

function refusal(subject: string, queue: string | undefined): string {
  const refused = `Permissions Violation for Subscription to ${quote(subject)}`;
  return queue === undefined ? refused : `${refused} using queue ${quote(queue)}`;
}
