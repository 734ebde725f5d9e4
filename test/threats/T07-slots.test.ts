import { eventually } from "@muove/testkit";
import { expect } from "vitest";
import { stock } from "./services/contract.js";
import { serveStock } from "./services/serve.js";
import { evilInbox } from "./support/scene.js";
import { threat } from "./support/threat.js";

const concurrency = 8;
const backlog = 16;
const handlerTimeout = 500;

threat("T7", "calls that would hold slots for weeks lose them after the owner's `longest`", async (attack) => {
  const scene = await attack.guarded();
  const [service, caller] = [await scene.bus("stock"), await scene.bus("basket")];
  serveStock(service, { concurrency, backlog, handlerTimeout });
  await eventually(() => service.status.mailboxes[0]?.state === "open");
  const [peer, to] = [await scene.peer(), caller.to(stock)];
  const weeks = { reply: evilInbox, payload: '{"ms":2000000000}', headers: ["Muove-Timeout: 2147483647"] };
  const started = performance.now();
  await peer.flood(concurrency + backlog, () => ["muove.stock.wait", weeks]);
  await eventually(() => service.status.mailboxes[0]?.running === concurrency);

  // Three rounds: the calls that run, and two of those that wait.
  const rounds = 1 + backlog / concurrency;
  await eventually(async () => (await to.level({ sku: "tea" }, { timeout: 500 })).status === "ok", { within: 10_000 });
  const ms = performance.now() - started;
  attack.figure(`from holding all slots, and the backlog, to a good answer, at ${rounds} × ${handlerTimeout} ms`, ms);
  expect(ms).toBeLessThan(rounds * handlerTimeout + 3_000);
  await eventually(() => service.status.mailboxes[0]?.running === 0);
  expect(service.status.mailboxes[0]?.waiting).toBe(0);
  expect(service.health).toMatchObject({ live: true, ready: true });
});

threat("T7", "without `longest`, the contract's timeout bounds a handler", async (attack) => {
  const scene = await attack.guarded();
  const [service, caller] = [await scene.bus("stock"), await scene.bus("basket")];
  serveStock(service, { concurrency, backlog });
  await eventually(() => service.status.mailboxes[0]?.state === "open");
  const [peer, to] = [await scene.peer(), caller.to(stock)];
  const weeks = { reply: evilInbox, payload: '{"ms":2000000000}', headers: ["Muove-Timeout: 2147483647"] };
  const started = performance.now();
  await peer.flood(concurrency, () => ["muove.stock.wait", weeks]);
  await eventually(() => service.status.mailboxes[0]?.running === concurrency);
  await eventually(async () => (await to.level({ sku: "tea" }, { timeout: 500 })).status === "ok", { within: 15_000 });
  expect(performance.now() - started).toBeLessThan(5_000 + 3_000); // The contract's timeout of `wait` is 5 s.
});
