// A plain client with JetStream's subjects: it sends a letter to a Muove mailbox, and is the owner of one.

import { headers, type NatsConnection } from "@nats-io/transport-node";

/** Sends a letter. Resolves to whether its stream keeps it. @param stream that of the mailbox, as in L-2. */
export async function sendLetter(nc: NatsConnection, stream: string, id: string, value: unknown): Promise<boolean> {
  // #region send
  const h = headers();
  h.set("Muove-Id", id); // What it is about: the handler gets it, and it never changes.
  h.set("Nats-Msg-Id", `post/${id}`); // Sent again under it, it is kept once.
  h.set("Nats-Expected-Stream", stream);
  const answer = await nc.request("muove-mail.letters.d.post", JSON.stringify(value), { headers: h, timeout: 2_000 });
  const { stream: keeper, error } = answer.json<{ stream?: string; error?: object }>();
  return error === undefined && keeper === stream; // No answer: send it again, under the same id.
  // #endregion
}

/** Handles one letter, within `ms`. Resolves to it. */
export async function handleLetter(nc: NatsConnection, stream: string, ms: number): Promise<Uint8Array> {
  // #region handle
  const ask = JSON.stringify({ batch: 1, expires: ms * 1_000_000 }); // ns
  const next = `$JS.API.CONSUMER.MSG.NEXT.${stream}.post`;
  // A letter comes under its own subject, so by an inbox of its own.
  const letter = await nc.request(next, ask, { timeout: ms + 1_000, noMux: true });
  // Do the work here, within 4 s, or say `+WPI` to `letter.reply` before they are over. Then:
  letter.respond("+ACK");
  return letter.data;
  // #endregion
}
