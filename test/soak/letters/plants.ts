import { eventually } from "@muove/testkit";
import { headers, type Msg } from "@nats-io/transport-node";
import type { System } from "../system.js";
import { idIn, type Store } from "./store.js";

// What must not be, for the judge to find.

/** Deletes a letter that was stored, while it waits for its second try. */
async function loss({ callers: [sender] }: System, store: Store): Promise<void> {
  const stream = await store.stream("MAIL");
  await sender?.service.ask("send", "caller1-planted-loss", { fails: 1 });
  const subject = "muove-mail.soak-letters.retry.0.work";
  const waiting = async () => (await store.api(`STREAM.MSG.GET.${stream}`, { last_by_subj: subject })).message;
  const found = async (): Promise<boolean> => idIn((await waiting())?.hdrs ?? "") === "caller1-planted-loss";
  await eventually(found, { every: 20, what: "the planted letter is put aside" });
  await store.api(`STREAM.MSG.DELETE.${stream}`, { seq: (await waiting())?.seq });
}

/** Stores a letter once more that was handled. */
async function double({ callers: [sender] }: System, store: Store): Promise<void> {
  const sent = new Promise<Msg>((resolve, reject) => {
    const callback = (error: Error | null, msg: Msg) => (error === null ? resolve(msg) : reject(error));
    store.client.subscribe("muove-mail.soak-letters.d.work", { max: 1, callback });
  });
  await store.client.flush();
  await sender?.service.ask("send", "caller1-planted-double", {});
  const { subject, data, headers: given } = await sent;
  await store.empty(10_000);
  const copied = headers();
  for (const name of given?.keys() ?? []) copied.set(name, given?.get(name) ?? "");
  copied.set("Nats-Msg-Id", "another");
  await store.client.request(subject, data, { headers: copied, timeout: 10_000 });
}

/** By name. */
export const plants: { readonly [name: string]: (system: System, store: Store) => Promise<void> } = { loss, double };
