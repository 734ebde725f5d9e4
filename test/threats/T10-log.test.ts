import { randomBytes } from "node:crypto";
import { eventually } from "@muove/testkit";
import { expect } from "vitest";
import type { Said } from "./support/peer.js";
import { evilInbox } from "./support/scene.js";
import { countsOf, logOf } from "./support/services.js";
import { threat } from "./support/threat.js";

const count = 3_000;
const rate = 4_000;

const random = (): string => randomBytes(6).toString("hex");
const sender = (): string => `Muove-From: ${random()}/${random()}`;
const trace = (): string => `traceparent: 00-${randomBytes(16).toString("hex")}-${randomBytes(8).toString("hex")}-01`;
const call = ["Muove-Timeout: 2000"];
const long = `\u001b[31m${"x".repeat(20_000)}`;

/** Kinds of hostile messages that a service might log. */
const kinds: Readonly<Record<string, (i: number) => readonly [subject: string, said: Said]>> = {
  "unknown messages": () => [`muove.stock._all.${random()}`, { reply: evilInbox, headers: call }],
  "unreadable payloads": () => ["muove.stock.level", { reply: evilInbox, payload: "[", headers: call }],
  "payloads that break the contract, at length": () => [
    "muove.stock.level",
    { payload: JSON.stringify({ [long]: 1, sku: 1 }) },
  ],
  "casts that break the contract": () => ["muove.stock.sold", { payload: `{"id":[${random()}]}` }],
  "handlers that throw": () => [
    "muove.stock.crash",
    { reply: evilInbox, payload: JSON.stringify({ sku: random() }), headers: [...call, trace()] },
  ],
  // The line has what the handler throws, in full: that is up to its owner.
  "handlers that throw, at length": () => ["muove.stock.crash", { payload: JSON.stringify({ sku: long }) }],
  "reply subjects that are not inboxes": () => [
    "muove.stock.level",
    { reply: `nobody.${random()}`, payload: '{"sku":"tea"}' },
  ],
  "random senders and traces": () => [
    "muove.stock.level",
    { reply: evilInbox, payload: "[", headers: [sender(), trace(), ...call] },
  ],
  "more calls than it can take": () => [
    "muove.stock.wait",
    { reply: evilInbox, payload: '{"ms":500}', headers: [sender(), ...call] },
  ],
  "expired calls": () => [
    "muove.stock.level",
    { reply: evilInbox, payload: '{"sku":"tea"}', headers: ["Muove-Timeout: 0", sender()] },
  ],
  "claims about replies": () => [
    "muove.stock.level",
    {
      payload: '{"sku":"tea"}',
      headers: [sender(), `Muove-Invalid-Reply: ${random()},%1B${random()},${"x".repeat(900)}`],
    },
  ],
  "invalid presence questions": () => ["muove.stock._all._watch", { reply: evilInbox, payload: random() }],
  "invalid cancellations": () => ["muove.stock._cancel", { payload: random(), headers: [`Muove-Call: ${random()}`] }],
};

threat(
  "T10",
  "any number of hostile messages makes only some lines a second, whatever their kind",
  async (attack) => {
    const scene = await attack.guarded();
    const service = await scene.process("stock");
    const peer = await scene.peer();
    await peer.subscribe(evilInbox);
    let [worst, longest] = [0, 0];
    for (const [kind, make] of Object.entries(kinds)) {
      const { lines } = await logOf(service);
      const { received } = await countsOf(service);
      const started = performance.now();
      await peer.flood(count, make, rate);
      const seconds = (performance.now() - started) / 1_000;
      await eventually(async () => (await countsOf(service)).received >= received); // It answers, so its event loop runs.
      const after = await logOf(service);
      const made = after.lines - lines;
      worst = Math.max(worst, made / seconds);
      longest = Math.max(longest, after.longest);
      expect(made, `lines by ${kind}, in ${seconds} s`).toBeLessThan(10 + 5 * seconds);
      peer.forget();
    }
    const { texts } = await logOf(service);
    attack.figure("lines by the worst kind", worst, "per second");
    attack.figure("the longest line", longest, "characters");
    expect(longest).toBeLessThan(8_192);
    // What happened can still be found in the log.
    expect(Object.keys(texts).length).toBeGreaterThan(3);
  },
  { timeout: 180_000 },
);
