import { eventually, freePort } from "@muove/testkit";
import { connect, type Health } from "muove";
import { expect } from "vitest";
import { worker } from "../services/contract.js";
import { failure } from "./support/failure.js";
import { tally, timed, typical } from "./support/load.js";
import { launchWorker } from "./support/worker.js";

const healthAt = async (port: number, path: string) => {
  const response = await fetch(`http://127.0.0.1:${port}${path}`);
  return { code: response.status, health: (await response.json()) as Health };
};

failure(
  "F1",
  "a service starts without NATS, serves its health, opens its mailbox and is ready when NATS comes, and stays ready when it goes",
  async (fault) => {
    const nats = await fault.nats({ start: false });
    const port = await freePort();
    const up = await timed(async () => {
      await launchWorker(fault, nats, { HEALTH_PORT: String(port) });
      return await eventually(() => healthAt(port, "/readyz"));
    });
    fault.figure("from the start of its process until it serves its health", up.ms);

    expect(up.value).toMatchObject({ code: 503, health: { live: true, ready: false, degraded: true } });
    expect(up.value.health.problems).toEqual([expect.stringMatching(/^it has not been connected to NATS yet/)]);
    expect(up.value.health.missing).toMatchObject([{ address: "nats", reason: "unreachable" }]);
    expect((await healthAt(port, "/livez")).code).toBe(200);
    expect(up.ms).toBeLessThan(5_000);

    await using bus = connect({ service: "caller", servers: nats.url, logger: false });
    await nats.start();
    const open = await timed(() => eventually(async () => (await bus.to(worker).echo({ text: "hi" })).status === "ok"));
    fault.figure("from NATS being up until a call is answered", open.ms);
    expect(open.ms).toBeLessThan(6_000);
    const ready = { live: true, ready: true, problems: [] };
    const now = () => healthAt(port, "/readyz");
    expect(await now()).toMatchObject({ code: 200, health: { ...ready, degraded: false, missing: [] } });

    await nats.kill();
    const gone = { ...ready, degraded: true, missing: [{ address: "nats", reason: "unreachable" }] };
    expect(await eventually(async () => (await now()).health.degraded && now())).toMatchObject({
      code: 200,
      health: gone,
    });
  },
);

failure("F1", "calls without NATS are unreachable at once, and their fallbacks answer", async ({ nats, figure }) => {
  const { url } = await nats({ start: false });
  const connecting = performance.now();
  await using bus = connect({ service: "caller", servers: url, logger: false });
  const connected = performance.now() - connecting;
  const to = bus.to(worker);

  const calls = await timed(() => Promise.all(Array.from({ length: 100 }, () => to.echo({ text: "hi" }))));
  expect(tally(calls.value)).toEqual({ "unreachable/no": 100 });
  const one = await typical(21, () => to.echo({ text: "hi" }));
  figure("a call without NATS", one.ms);
  expect(one.ms).toBeLessThan(50);
  expect(calls.ms).toBeLessThan(2_000);
  expect(connected).toBeLessThan(2_000);

  const degraded = await to.echo({ text: "hi" }).orElse(({ text }) => ({ text: `${text}, as a fallback` }));
  expect(degraded).toMatchObject({ status: "degraded", reason: "unreachable", value: { text: "hi, as a fallback" } });
});
