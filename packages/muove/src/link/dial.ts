import { maxTimerDelay } from "@muove/contract/internal";
import type { NatsConnectionImpl } from "@nats-io/nats-core/internal";
import type { NodeConnectionOptions } from "@nats-io/transport-node";
import { connect, TimeoutError } from "@nats-io/transport-node";
import { late, timeLimited } from "../base/time-limit.js";
import { authenticators } from "./authenticators.js";
import { overTls } from "./dial-failure.js";
import type { LinkOptions } from "./options.js";
import type { ServerAddress } from "./server-address.js";
import { SocketTrap } from "./socket-trap.js";
import { tlsSettings } from "./tls.js";

/**
 * The client bounds each attempt, unless a test has faked the global timers. This bounds it then, as a multiple of the
 * time for one address; few names have more.
 */
const backstop = 8;

/**
 * One attempt at one server. Rejects within about `dialTimeout` per address of the name, and as soon as `signal`
 * aborts. Leaves no socket behind when it rejects.
 */
export async function dial(
  server: ServerAddress,
  options: LinkOptions,
  signal: AbortSignal,
): Promise<NatsConnectionImpl> {
  const trap = new SocketTrap();
  const failed = new AbortController();
  const attempt = connectWith(clientOptions(server, options, failed.signal), trap, failed.signal);
  try {
    const client = await timeLimited(unlessAborted(attempt, signal), backstop * options.dialTimeout);
    if (client === late) throw new TimeoutError();
    trap.release();
    return client;
  } catch (error) {
    trap.spring();
    failed.abort();
    // An abort does not wait for a name lookup. The trap destroys any socket that follows.
    attempt.catch(() => {});
    throw error;
  }
}

async function unlessAborted<T>(attempt: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let abort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
  });
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([attempt, aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

async function connectWith(
  preparing: Promise<NodeConnectionOptions>,
  trap: SocketTrap,
  failed: AbortSignal,
): Promise<NatsConnectionImpl> {
  const request = await preparing;
  failed.throwIfAborted();
  try {
    return (await trap.watch(() => connect(request))) as NatsConnectionImpl;
  } catch (error) {
    throw request.tls ? overTls(error) : error;
  }
}

async function clientOptions(
  server: ServerAddress,
  options: LinkOptions,
  failed: AbortSignal,
): Promise<NodeConnectionOptions> {
  const credentials = server.credentials ?? options.credentials;
  const [authenticator, tls] = await Promise.all([
    credentials && authenticators(credentials, options.dialTimeout, failed),
    tlsSettings(server, options.tls, options.dialTimeout, failed),
  ]);
  return {
    servers: [server.listen],
    name: options.name,
    timeout: options.dialTimeout,
    pingInterval: maxTimerDelay, // See server-pings.ts.
    // Each client lives for one connection. The link reconnects and chooses the server.
    reconnect: false,
    maxReconnectAttempts: 0,
    ignoreClusterUpdates: true,
    noAsyncTraces: true,
    ...(authenticator && { authenticator }),
    ...(tls && { tls }),
  };
}
