import { randomBytes } from "node:crypto";
import { eventually } from "@muove/testkit";
import { expect } from "vitest";
import { stock } from "./services/contract.js";
import { serveStock } from "./services/serve.js";
import { threat } from "./support/threat.js";

const calls = 10;
const guesses = 20_000;

/** A guessed cancellation, by a peer that has not seen the call. */
function guess(inbox: string, i: number): { headers?: string[]; payload?: string } {
  const number = Math.floor(i / 8);
  const random = randomBytes(9).toString("base64url").slice(0, 11);
  const guesses = [
    { headers: [`Muove-Call: ${random}${number % 100}`] },
    { headers: [`Muove-Call: ${number}`] },
    { headers: ["Muove-Call: "] },
    { headers: ["Muove-Call: *"] },
    { headers: [`Muove-Call: ${inbox}.${number}`] },
    { payload: `${inbox}.${number.toString(36)}` },
    { payload: `${inbox}.>` },
    {},
  ];
  return guesses[i % guesses.length] as { headers?: string[]; payload?: string };
}

threat("T3", "only its caller can cancel a call, and not a peer that has not seen it", async (attack) => {
  const scene = await attack.guarded();
  const [service, caller] = [await scene.bus("stock"), await scene.bus("basket")];
  const { ledger } = serveStock(service, { concurrency: calls / 2 }); // So that half of them wait.
  await eventually(() => service.status.mailboxes[0]?.state === "open");
  const [peer, to] = [await scene.peer(), caller.to(stock)];
  const { signal } = new AbortController();
  const waits = Array.from({ length: calls }, () => to.wait({ ms: 2_000 }, { timeout: 15_000, signal }));
  await eventually(() => service.status.mailboxes[0]?.waiting === calls / 2);

  const inbox = `_INBOX_muove.basket.${caller.status.instance}`;
  const { instance } = service.status;
  await peer.flood(guesses, (i) => [
    i % 2 === 0 ? "muove.stock._cancel" : `muove.stock._i.${instance}._cancel`,
    guess(inbox, i >> 1),
  ]);

  const outcomes = await Promise.all(waits);
  const cancelled = outcomes.filter((outcome) => outcome.status !== "ok" || outcome.value.aborted);
  attack.figure("calls of others cancelled", cancelled.length, `of ${calls}, by ${guesses} guesses`);
  expect(cancelled).toEqual([]);
  expect(ledger.aborted).toBe(0);
  expect(peer.refusals).toEqual([]);

  const own = new AbortController();
  const given = to.wait({ ms: 10_000 }, { timeout: 15_000, signal: own.signal });
  await eventually(() => service.status.mailboxes[0]?.running === 1);
  own.abort();
  expect(await given).toMatchObject({ reason: "cancelled" });
  await eventually(() => ledger.aborted === 1);
});
