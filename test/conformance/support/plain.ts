// The official client, used without any knowledge of Muove.

import { connect, headers, type Msg, type NatsConnection, type PublishOptions } from "@nats-io/transport-node";
import { onTestFinished } from "vitest";

/** A client that is closed after the test. @param user whose password is its name. */
export async function plainClient({ port }: { readonly port: number }, user?: string): Promise<NatsConnection> {
  const client = await connect({ port, reconnect: false, ...(user !== undefined && { user, pass: user }) });
  onTestFinished(() => client.close());
  return client;
}

/** Answers every request to a subject in the same way. Waits until the server has the subscription. */
export async function answering(
  client: NatsConnection,
  subject: string,
  payload: string | Uint8Array,
  given: Record<string, string> = {},
): Promise<Msg[]> {
  const requests: Msg[] = [];
  client.subscribe(subject, {
    queue: "q",
    callback(_, msg) {
      requests.push(msg);
      msg.respond(payload, withHeaders(given));
    },
  });
  await client.flush();
  return requests;
}

/** Takes every request to a subject and answers none. */
export async function silent(client: NatsConnection, subject: string): Promise<void> {
  client.subscribe(subject, { queue: "q", callback: () => {} });
  await client.flush();
}

export function withHeaders(given: Record<string, string>): Pick<PublishOptions, "headers"> {
  if (Object.keys(given).length === 0) return {};
  const made = headers();
  for (const [name, value] of Object.entries(given)) made.set(name, value);
  return { headers: made };
}

/** The headers that make a reply an error. */
export const serviceError = (msg: Msg) => ({
  status: msg.headers?.get("Muove-Status"),
  error: msg.headers?.get("Nats-Service-Error"),
  code: msg.headers?.get("Nats-Service-Error-Code"),
});
