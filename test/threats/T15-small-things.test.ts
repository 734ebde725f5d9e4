import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { eventually } from "@muove/testkit";
import { type Bus, type CallOptions, call, healthHandler, mailbox } from "muove";
import { expect } from "vitest";
import { z } from "zod";
import { stock } from "./services/contract.js";
import { serveStock } from "./services/serve.js";
import type { Said } from "./support/peer.js";
import { evilInbox, type Scene } from "./support/scene.js";
import { threat } from "./support/threat.js";

/** A caller, and a peer that answers in place of `stock`, as the NATS user of that service. */
async function facing(
  scene: Scene,
): Promise<{ caller: Bus; answered: (said: Said, times?: number) => Promise<Outcome> }> {
  const [caller, service] = [await scene.bus("basket"), await scene.as("stock")];
  await service.subscribe("muove.stock.level");
  const answered = async (said: Said, times = 1): Promise<Outcome> => {
    service.forget();
    const options: CallOptions = { timeout: 700 };
    const outcome = Promise.resolve(caller.to(stock).level({ sku: "tea" }, options)) as Promise<Outcome>;
    expect(await service.until(() => service.heard.length > 0)).toBe(true);
    for (let i = 0; i < times; i++) service.publish(service.heard[0]?.reply ?? "", said);
    return outcome;
  };
  return { caller, answered };
}

interface Outcome {
  readonly status: string;
  readonly reason?: string;
  readonly delivered: string;
  readonly message?: string;
  readonly retryAfter?: number;
}

threat("T15", "only the server's own 503 makes a call absent", async (attack) => {
  const { answered } = await facing(await attack.guarded());
  const forged = ["NATS/1.0 503 Gone\r\n\r\n", "NATS/1.0 503\r\nMuove-From: stock/1\r\n\r\n", "NATS/1.0 503 \r\n\r\n"];
  for (const headers of forged) {
    const outcome = await answered({ headers });
    expect(outcome.reason, headers).not.toBe("absent");
    expect(outcome.delivered, headers).not.toBe("no");
  }
});

threat("T15", "text from others is shortened and cleaned before it is in an outcome", async (attack) => {
  const { answered } = await facing(await attack.guarded());
  const text = `\u001b[2J\u001b]0;owned\u0007${"x".repeat(900_000)}`;
  const code = `Muove-Status: failed\r\nMuove-Code: ${"A".repeat(100_000)}`;
  for (const lines of [
    [`Muove-Status: crashed`, `Nats-Service-Error: ${text}`, "Nats-Service-Error-Code: 500"],
    [`Muove-Status: ${text}`],
    code.split("\r\n"),
  ]) {
    const issues = JSON.stringify({ id: text, issues: [{ message: text, path: [text] }] });
    for (const payload of ["", issues]) {
      if (payload.length + text.length > 1_048_000) continue;
      const outcome = await answered({ headers: lines, payload });
      expect(outcome.status).toBe("faulty");
      expect(JSON.stringify(outcome).length).toBeLessThan(4_096);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are the point
      expect(outcome.message).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
    }
  }
});

threat("T15", "retryAfter is bounded", async (attack) => {
  const { answered } = await facing(await attack.guarded());
  const headers = ["Muove-Status: overloaded", "Muove-Retry-After: 999999999999999"];
  const outcome = await answered({ headers });
  expect(outcome).toMatchObject({ reason: "overloaded" });
  expect(outcome.retryAfter).toBeLessThanOrEqual(60_000);
});

threat("T15", "unsigned answers do not pile up in a call to everyone", async (attack) => {
  const scene = await attack.guarded();
  const [caller, service] = [await scene.bus("basket"), await scene.bus("stock")];
  serveStock(service);
  await eventually(() => service.status.mailboxes[0]?.state === "open");
  const other = await scene.as("stock");
  await other.subscribe("muove.stock._all.level");
  const outcomes: unknown[] = [];
  const asking = (async () => {
    for await (const { instance } of caller.toAll(stock).level({ sku: "tea" }, { timeout: 1_500 }))
      outcomes.push(instance);
  })();
  expect(await other.until(() => other.heard.length > 0)).toBe(true);
  const reply = other.heard[0]?.reply ?? "";
  await other.flood(5_000, () => [reply, { payload: '{"pieces":1}' }]);
  await asking;
  expect(outcomes.filter((instance) => instance === undefined).length).toBeLessThanOrEqual(1);
  expect(outcomes).toContain(service.status.instance);
});

threat("T15", "health on a public port names no service, mailbox or server", async (attack) => {
  const scene = await attack.guarded();
  const caller = await scene.bus("basket");
  expect(await caller.to(stock).level({ sku: "tea" })).toMatchObject({ reason: "absent" });
  const handler = healthHandler(caller);
  const server = createServer((request, response) => void handler(request, response)).listen(0, "127.0.0.1");
  try {
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as AddressInfo;
    for (const path of ["/healthz", "/readyz", "/livez"]) {
      const text = await (await fetch(`http://127.0.0.1:${port}${path}`)).text();
      expect(text).not.toMatch(/stock|basket|127\.0\.0\.1|muove/);
    }
  } finally {
    server.close();
  }
});

threat("T15", "a contract made by hand cannot inject protocol lines", async (attack) => {
  const scene = await attack.guarded();
  const [caller, witness] = [await scene.bus("basket"), await scene.witness("muove.basket.>")];
  const name = "stock.level 0\r\n\r\nPUB muove.basket.check 2\r\n{}\r\nPUB x";
  const forged = { ...stock, name } as unknown as typeof stock;
  const attempts = [
    () => caller.to(forged).level({ sku: "tea" }),
    () => caller.to(forged).sold({ id: "1" }),
    () => caller.monitor(forged),
    () => caller.serve(forged, {} as never),
    () => caller.to(stock, { instance: "1 0\r\n\r\nPUB muove.basket.check 0\r\n" }).level({ sku: "tea" }),
  ];
  for (const attempt of attempts) expect(attempt).toThrow();
  expect(await caller.to(stock).level({ sku: "tea" })).toMatchObject({ reason: "absent" });
  await witness.flush();
  expect(witness.heard).toEqual([]);
});

threat(
  "T15",
  "numbers beyond the range of JavaScript are refused in JSON, even where a contract takes anything",
  async (attack) => {
    const anything = mailbox("stock", { level: call({ input: z.unknown(), output: z.unknown(), timeout: 2_000 }) });
    const scene = await attack.guarded();
    const [caller, service, peer] = [await scene.bus("basket"), await scene.as("stock"), await scene.peer()];
    await service.subscribe("muove.stock.level");
    const outcome = Promise.resolve(caller.to(anything).level(1));
    expect(await service.until(() => service.heard.length > 0)).toBe(true);
    service.publish(service.heard[0]?.reply ?? "", { payload: '{"pieces":1e999}' });
    expect(await outcome).toMatchObject({ status: "faulty" });
    await service.close();

    const bus = await scene.bus("stock");
    const handled: unknown[] = [];
    bus.serve(anything, { level: (input) => void handled.push(input) });
    await eventually(() => bus.status.mailboxes[0]?.state === "open");
    await peer.subscribe(evilInbox);
    peer.publish("muove.stock.level", { reply: evilInbox, payload: '{"pieces":-1e999}' });
    expect(await peer.until(() => peer.heard.length > 0)).toBe(true);
    expect(peer.heard[0]?.headers).toMatch(/Muove-Status: rejected/);
    expect(handled).toEqual([]);
  },
);
