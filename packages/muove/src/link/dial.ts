import { maxTimerDelay } from "@muove/contract/internal";
import type { NatsConnectionImpl } from "@nats-io/nats-core/internal";
import type { NodeConnectionOptions } from "@nats-io/transport-node";
import { connect, TimeoutError } from "@nats-io/transport-node";
import { late, timeLimited } from "../base/time-limit.js";
import { CredentialsError } from "./dial-failure.js";
import type { Credentials, LinkOptions, LinkTls } from "./options.js";
import type { ServerAddress } from "./server-address.js";
import { SocketTrap } from "./socket-trap.js";

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
  const request = clientOptions(server, options, failed.signal);
  const attempt = trap.watch(() => connect(request)) as Promise<NatsConnectionImpl>;
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

function clientOptions(server: ServerAddress, options: LinkOptions, failed: AbortSignal): NodeConnectionOptions {
  const tls = tlsOf(server, options.tls, failed);
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
    ...credentialsFor(server, options.credentials),
    ...(tls && { tls }),
  };
}

function credentialsFor(server: ServerAddress, given: LinkOptions["credentials"]): Credentials | undefined {
  if (server.credentials) return server.credentials;
  if (typeof given !== "function") return given;
  try {
    return given();
  } catch (cause) {
    throw new CredentialsError("the function that provides the credentials threw", { cause });
  }
}

function tlsOf(server: ServerAddress, tls: LinkTls | undefined, failed: AbortSignal): LinkTls | undefined {
  if (!server.tls && tls === undefined) return undefined;
  // With "handshake first", Node creates the socket where the trap does not see it, but it honours this signal.
  const own = { signal: failed, ...(server.servername && { servername: server.servername }) };
  return { ...own, ...tls };
}
