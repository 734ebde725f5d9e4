// The official client, as somebody uses it who has never heard of Muove.

import { connect, headers, type Msg, type NatsConnection, type PublishOptions } from "@nats-io/transport-node";
import { onTestFinished } from "vitest";

/** A client that is closed when the test is over. */
export async function plainClient({ port }: { readonly port: number }): Promise<NatsConnection> {
  const client = await connect({ port, reconnect: false });
  onTestFinished(() => client.close());
  return client;
}

/** Answers every request to a subject in the same way, and waits until the server knows of it. */
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

/** The headers of a reply that say that it is an error. */
export const serviceError = (msg: Msg) => ({
  status: msg.headers?.get("Muove-Status"),
  error: msg.headers?.get("Nats-Service-Error"),
  code: msg.headers?.get("Nats-Service-Error-Code"),
});
