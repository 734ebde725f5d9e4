import type { Service } from "@muove/testkit";
import type { BusStatus } from "muove";
import type { LogFigures } from "../services/counted-log.js";
import type { Stall } from "../services/stalls.js";
import type { Peer } from "./peer.js";
import { evilInbox } from "./scene.js";

// What tests ask services in their own processes; see ../services.

/** What the handlers of `stock` have done. */
export interface LedgerFigures {
  readonly started: Readonly<Record<string, number>>;
  readonly aborted: number;
  readonly ids: number;
}

export const statusOf = (service: Service): Promise<BusStatus> => service.ask("status");
export const countsOf = async (service: Service): Promise<BusStatus["counts"]> => (await statusOf(service)).counts;
export const ledgerOf = (service: Service): Promise<LedgerFigures> => service.ask("ledger");
export const logOf = (service: Service): Promise<LogFigures> => service.ask("log");
export const stallsOf = (service: Service): Promise<Stall[]> => service.ask("stalls");

export const megabytes = (bytes: number): number => bytes / 1_048_576;

/**
 * Resolves when an instance of `stock` has received what the peer has sent so far: a presence question sent after all
 * of that is answered. The peer must be subscribed to its inbox.
 */
export async function taken(peer: Peer, instance: string): Promise<void> {
  const question = { reply: evilInbox, payload: '{"interval":1000,"lease":1000}' };
  peer.forget();
  peer.publish(`muove.stock._i.${instance}._watch`, question);
  const answered = (): boolean => peer.heard.some(({ payload }) => payload.includes('"since"'));
  if (!(await peer.until(answered, 20_000))) throw new Error("the instance did not answer");
}
