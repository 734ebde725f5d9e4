import { setTimeout as sleep } from "node:timers/promises";
import { connect, type NatsConnection } from "@nats-io/transport-node";
import { TestkitError } from "../errors.js";
import { parseNatsUrl } from "../nats-url.js";
import { checkFloodOptions, type FloodOptions } from "./flood-options.js";

/** The result of a flood. */
export interface Flooded {
  /** The number of published messages. */
  readonly sent: number;
  /** The duration, in ms. */
  readonly ms: number;
  /**
   * Why it ended: all messages were sent, the time was over, NATS was lost, or the signal (or closing the kit) stopped
   * it.
   */
  readonly ended: "count" | "time" | "disconnected" | "stopped";
}

/** The most messages in one turn, so that the event loop turns and memory stays flat. */
const batch = 500;
const leaveTimeout = 1_000;

/**
 * Publishes from this process with the official client, as fast as NATS accepts it or at a rate.
 *
 * FLOOD-1 At most one batch is in flight that NATS has not accepted.
 * FLOOD-2 It ends by count or time, whatever happens to NATS. It does not reconnect.
 */
export async function flood(options: FloodOptions, stop: AbortSignal): Promise<Flooded> {
  checkFloodOptions(options);
  const signals = options.signal === undefined ? [stop] : [stop, options.signal];
  try {
    return await pour(await open(options.url), options, signals);
  } catch (error) {
    if (signals.some(({ aborted }) => aborted)) return { sent: 0, ms: 0, ended: "stopped" };
    throw error;
  }
}

async function pour(
  connection: NatsConnection,
  options: FloodOptions,
  signals: readonly AbortSignal[],
): Promise<Flooded> {
  const { count = Number.POSITIVE_INFINITY, during = 10_000, rate } = options;
  const started = performance.now();
  const end = ending(connection, during, signals);
  let sent = 0;
  while (end.why === undefined && sent < count) {
    const due = Math.min(dueBy(performance.now() - started, rate) - sent, count - sent, batch);
    for (let i = 0; i < due && !connection.isClosed(); i++) publish(connection, options, sent++);
    await Promise.race([due > 0 ? connection.flush().catch(() => {}) : sleep(1), end.came]);
  }
  const flooded = { sent, ms: Math.round(performance.now() - started), ended: end.why ?? "count" } as const;
  end.forget();
  await Promise.race([leave(connection), sleep(leaveTimeout, undefined, { ref: false })]);
  return flooded;
}

/** Closes when NATS has accepted everything or is gone. */
async function leave(connection: NatsConnection): Promise<void> {
  await connection.flush().catch(() => {});
  await connection.close();
}

const dueBy = (ms: number, rate: number | undefined): number =>
  rate === undefined ? Number.POSITIVE_INFINITY : 1 + Math.floor((ms * rate) / 1_000);

function publish(connection: NatsConnection, options: FloodOptions, i: number): void {
  const { subject, make, payload = make?.(i) ?? "", reply } = options;
  connection.publish(typeof subject === "string" ? subject : subject(i), payload, reply === undefined ? {} : { reply });
}

/** What ends a flood before its count is reached. */
function ending(connection: NatsConnection, during: number, signals: readonly AbortSignal[]) {
  const end: { why: Flooded["ended"] | undefined; came: Promise<void>; forget(): void } = {
    why: undefined,
    came: Promise.resolve(),
    forget: () => {},
  };
  end.came = new Promise((resolve) => {
    const over = (why: Flooded["ended"]) => (): void => {
      end.why ??= why;
      resolve();
    };
    const stopped = over("stopped");
    const timer = setTimeout(over("time"), during);
    void connection.closed().then(over("disconnected"));
    for (const signal of signals) signal.addEventListener("abort", stopped);
    if (signals.some(({ aborted }) => aborted)) stopped();
    end.forget = () => {
      clearTimeout(timer);
      for (const signal of signals) signal.removeEventListener("abort", stopped);
    };
  });
  return end;
}

async function open(url: string): Promise<NatsConnection> {
  const { host, port, credentials } = parseNatsUrl(url);
  const { auth_token: token, ...user } = credentials;
  try {
    return await connect({ servers: `${host}:${port}`, reconnect: false, ...user, ...(token && { token }) });
  } catch (cause) {
    const text = `Cannot publish to NATS at ${host}:${port}: ${String(cause)}`;
    throw new TestkitError("MUOVE_TESTKIT_NOT_RUNNING", text, { cause });
  }
}
