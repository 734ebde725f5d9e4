import { randomUUID } from "node:crypto";
import { createInbox, errors, headers, type Msg, type NatsConnection } from "@nats-io/transport-node";
import { type Outcome, outcomeOf } from "./outcome.js";
import { messagePack, valueIn } from "./value.js";

export async function inJson(nc: NatsConnection): Promise<unknown> {
  // #region json
  const reply = await nc.request("muove.parcels.price", JSON.stringify({ grams: 200 }));
  return reply.json(); // { cents: 390 }: JSON is answered in JSON.
  // #endregion
}

export async function inMessagePack(nc: NatsConnection): Promise<unknown> {
  // #region messagepack
  const reply = await nc.request("muove.parcels.price", messagePack({ grams: 200 }));
  return valueIn(reply.data); // MessagePack is answered in MessagePack.
  // #endregion
}

export async function withoutInput(nc: NatsConnection): Promise<unknown[]> {
  // #region void
  const count = await nc.request("muove.parcels.count"); // No payload: answered in JSON.
  const done = await nc.request("muove.parcels.reset");
  return [count.json(), done.data.length]; // What has no output is answered with no bytes.
  // #endregion
}

/** Calls without saying how long it waits. */
export async function asked(nc: NatsConnection, subject: string, payload = ""): Promise<Outcome> {
  // #region absent
  try {
    return outcomeOf(await nc.request(subject, payload, { timeout: 1_000 }));
  } catch (error) {
    if (error instanceof errors.RequestError && error.isNoResponders())
      return { status: "unavailable", reason: "absent" };
    if (error instanceof errors.TimeoutError) return { status: "unavailable", reason: "timeout" };
    throw error;
  }
  // #endregion
}

export async function withDeadline(nc: NatsConnection, from: string): Promise<Msg> {
  // #region deadline
  const h = headers();
  h.set("Muove-From", from); // Such as "scanner/7": unique to this process and this start.
  h.set("Muove-Timeout", "250"); // How long the caller still waits, in ms.
  h.set("Muove-Clock", String(Math.floor(performance.now()))); // Any clock that only goes forward, in ms.
  return await nc.request("muove.parcels.price", JSON.stringify({ grams: 200 }), { timeout: 250, headers: h });
  // #endregion
}

/** Calls, and gives up after `ms`. */
export async function givenUp(nc: NatsConnection, ms: number): Promise<string> {
  // #region cancel
  const reply = createInbox();
  const answers = nc.subscribe(reply, { max: 1 });
  const h = headers();
  h.set("Muove-Call", randomUUID()); // Cancels the call later: only those who get the call know it.
  nc.publish("muove.parcels.price", JSON.stringify({ grams: 200 }), { reply, headers: h });

  const timer = setTimeout(() => {
    nc.publish("muove.parcels._cancel", "", { headers: h }); // Every instance hears it.
    answers.unsubscribe();
  }, ms);
  for await (const answer of answers) {
    clearTimeout(timer);
    return answer.string();
  }
  return "given up";
  // #endregion
}

export async function casting(nc: NatsConnection, id: string): Promise<boolean> {
  // #region cast
  const reply = createInbox();
  let absent = false;
  const nobody = nc.subscribe(reply, {
    callback: () => {
      absent = true; // Only the server answers a cast: status 503, nobody listens.
    },
  });
  nc.publish("muove.parcels.scanned", JSON.stringify({ id }), { reply });
  await nc.flush(); // The server says so before it answers this.
  nobody.unsubscribe();
  return !absent;
  // #endregion
}

export function listening(nc: NatsConnection, heard: (value: unknown) => void): void {
  // #region listen
  nc.subscribe("muove.parcels._event.delivered", {
    // queue: "billing", // Shares the events within this group; without it, this listener gets every event.
    callback: (error, event) => {
      if (error === null) heard(valueIn(event.data)); // Events are never answered.
    },
  });
  // #endregion
}

/** Calls any instance with the tag region=eu; then one instance, by its id. */
export async function addressed(nc: NatsConnection, instance: string): Promise<unknown[]> {
  // #region addresses
  const grams = JSON.stringify({ grams: 200 });
  const inEurope = await nc.request("muove.parcels._t.region=eu.price", grams); // Tags: sorted by name, joined by a comma.
  const thatOne = await nc.request(`muove.parcels._i.${instance}.price`, grams);
  return [inEurope.json(), thatOne.json()];
  // #endregion
}

export async function everyone(nc: NatsConnection): Promise<(string | undefined)[]> {
  // #region everyone
  const senders: (string | undefined)[] = [];
  const replies = await nc.requestMany("muove.parcels._all.count", "", { strategy: "stall", maxWait: 1_000 });
  for await (const reply of replies) senders.push(reply.headers?.get("Muove-From")); // <service>/<instance>
  return senders;
  // #endregion
}

export async function present(nc: NatsConnection): Promise<unknown[]> {
  // #region present
  const cards: unknown[] = [];
  const watch = JSON.stringify({ interval: 1_000, lease: 5_000 }); // For 5 s they also beat on muove-presence.parcels.>.
  const replies = await nc.requestMany("muove.parcels._all._watch", watch, { strategy: "stall", maxWait: 1_000 });
  for await (const reply of replies) cards.push(reply.json()); // instance, service, version, tags, since, degraded
  return cards;
  // #endregion
}
