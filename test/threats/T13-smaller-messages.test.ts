import { eventually } from "@muove/testkit";
import { expect } from "vitest";
import { lameDuckConfig } from "../cluster/support/upgrade.js";
import { statusOf } from "./support/services.js";
import { threat } from "./support/threat.js";

const service = (name: string): URL => new URL(`../dist/threats/services/${name}.js`, import.meta.url);

threat(
  "T13",
  "a call by key that waits while its bus moves to a server with a smaller limit ends, and its process lives",
  async ({ kit, figure }) => {
    const [leaving, staying] = await kit.cluster({ size: 2, config: lameDuckConfig });
    if (!leaving || !staying) throw new Error("no cluster");
    const stock = await kit.service({ entry: service("stock"), nats: staying.url });
    await stock.ready;
    const caller = await kit.service({ entry: service("caller"), nats: leaving.url });
    await caller.ready;
    const server = async () => (await statusOf(caller)).connection.server;
    await eventually(async () => leaving.url.endsWith(`${await server()}`));
    await stock.stop(); // So that the caller does not learn which instance is responsible.

    const started = performance.now();
    const input = { sku: "x".repeat(100_000) };
    const call = caller.ask("call", "level", input, { timeout: 8_000 }, { key: "tea" });
    const ended = call.catch((error: unknown) => String(error));
    await staying.reload({ ...lameDuckConfig, maxPayload: 4_096 });
    await leaving.lameDuck();
    await eventually(async () => staying.url.endsWith(`${await server()}`), { within: 15_000 });
    await stock.continue();

    expect(await ended).toMatchObject({ delivered: "no" });
    figure("until the call ended, with 8,000 ms to go", performance.now() - started);
    expect(caller.running).toBe(true);
    expect(await caller.ask("call", "level", { sku: "tea" }, {}, { key: "tea" })).toMatchObject({ status: "ok" });
  },
);
