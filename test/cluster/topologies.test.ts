import { setTimeout as sleep } from "node:timers/promises";
import { findNatsServer } from "@muove/testkit";
import { type Bus, connect, mailbox, type Tags } from "muove";
import { describe, expect, onTestFinished, test } from "vitest";
import { makeKit } from "../support/kit.js";
import { until } from "../support/until.js";
import { stock } from "../threats/services/contract.js";
import { at, everything, failures, type Place, three } from "./support/everything.js";
import { Topology } from "./support/topology.js";
import { reaches } from "./support/upgrade.js";

// The configurations of docs/topologies.md, and what works in each of them; accounts are in accounts.test.ts.

/** Which instances calls go to. */
async function shares(instances: readonly Place[], caller: Place, to?: { readonly tags: Tags }): Promise<boolean[]> {
  return (await (await everything(instances, caller)).shares(60, to)).map((calls) => calls > 0);
}

describe.skipIf(findNatsServer() === undefined)("[needs nats-server] in a cluster", () => {
  const cluster = async (): Promise<Place[]> => {
    const topology = new Topology(makeKit());
    const named = (host: string) =>
      topology.start("cluster.conf", host, { "server_name: nats-0": `server_name: ${host}` });
    const servers = await Promise.all(["nats-0", "nats-1", "nats-2"].map(named));
    await Promise.all(servers.flatMap((one) => servers.map((other) => reaches(one, other))));
    return servers.map((nats) => at(nats));
  };

  test("everything works", async () => {
    const places = await cluster();
    expect(await failures(places, places[0] as Place)).toEqual([]);
  });

  test("calls go to instances on all servers", async () => {
    const places = await cluster();
    expect(await shares(places, places[0] as Place)).toEqual([true, true, true]);
  });
});

describe.skipIf(findNatsServer() === undefined)("[needs nats-server] across gateways", () => {
  const gateways = async (): Promise<[Place, Place]> => {
    const topology = new Topology(makeKit());
    const exchanged = {
      "nats-east, the": "nats-west, the",
      "server_name: nats-east": "server_name: nats-west",
      "  name: east\n": "  name: west\n",
    };
    const [east, west] = await Promise.all([
      topology.start("gateway.conf", "nats-east"),
      topology.start("gateway.conf", "nats-west", exchanged),
    ]);
    return [at(east), at(west)];
  };

  test("everything works", async () => {
    const [east, west] = await gateways();
    expect(await failures(three(east), west)).toEqual([]);
  });

  test("calls go to an instance of the caller's own cluster while there is one", async () => {
    const [east, west] = await gateways();
    expect(await shares([east, west, east], west)).toEqual([false, true, false]);
    expect(await shares([east, west, east], west, { tags: { region: "eu" } })).toEqual([false, true, false]);
  });
});

describe.skipIf(findNatsServer() === undefined)("[needs nats-server] with leaf nodes", () => {
  const leaf = async (): Promise<[Place, Place]> => {
    const topology = new Topology(makeKit());
    const hub = await topology.start("hub.conf", "nats-hub");
    return [at(hub), at(await topology.start("leaf.conf", "nats-leaf"))];
  };

  test("everything works, on either side", async () => {
    const [hub, edge] = await leaf();
    expect(await failures(three(hub), edge)).toEqual([]);
    expect(await failures(three(edge), hub)).toEqual([]);
  });

  test("without the way between both sides, calls to the other side are absent, and the caller stays connected", async () => {
    const topology = new Topology(makeKit());
    const hub = await topology.start("hub.conf", "nats-hub");
    const edge = at(await topology.start("leaf.conf", "nats-leaf"));
    const all = await everything([at(hub)], edge);
    expect(await all.call()).toBe("ok");
    await hub.kill();
    await until("calls are absent", async () => (await all.call()) === "absent");
    expect(all.connection).toBe("up");
  });

  test("calls go to an instance on the caller's own side while there is one", async () => {
    const [hub, edge] = await leaf();
    expect(await shares([hub, edge, hub], edge)).toEqual([false, true, false]);
    expect(await shares([hub, edge, edge], hub)).toEqual([true, false, false]);
  });
});

describe.skipIf(findNatsServer() === undefined)("[needs nats-server] with a subject that is mapped", () => {
  const next = mailbox("stock-next", { level: stock.messages.level });
  const tea = { sku: "tea" };

  async function mapped(level: (signal: AbortSignal) => Promise<void>) {
    const { url } = await new Topology(makeKit()).start("mapping.conf", "nats");
    const bus = (service: string): Bus => {
      const made = connect({ service, servers: url, logger: false });
      onTestFinished(() => made.close({ timeout: 1 }));
      return made;
    };
    const [now, later, caller] = [bus("stock"), bus("stock-next"), bus("caller")];
    const others = { reserve: () => ({ by: "" }), wait: () => ({ aborted: false }), crash: () => {}, sold: () => {} };
    const answer =
      (pieces: number) =>
      async (_: unknown, { signal }: { signal: AbortSignal }) => {
        await level(signal);
        return { pieces };
      };
    now.serve(stock, { ...others, level: answer(1) });
    const served = later.serve(next, { level: answer(2) });
    await Promise.all([now, later, caller].map((each) => each.connected()));
    return { now, later, served, to: caller.to(stock) };
  }

  test("a part of the calls goes elsewhere, and is absent when nobody is there", async () => {
    const { to, served } = await mapped(async () => {});
    const tally = async (): Promise<Record<string, number>> => {
      const counts: Record<string, number> = {};
      for (let i = 0; i < 200; i++) {
        const outcome = await to.level(tea);
        const what = outcome.status === "ok" ? outcome.value.pieces : "reason" in outcome ? outcome.reason : "";
        counts[what] = (counts[what] ?? 0) + 1;
      }
      return counts;
    };
    const both = await tally();
    expect(both).toEqual({ 1: expect.any(Number), 2: expect.any(Number) });
    expect(both[2]).toBeGreaterThan(10);
    expect(both[2]).toBeLessThan(80);
    await served.stop();
    expect(Object.keys(await tally())).toEqual(["1", "absent"]);
  });

  test("calls are cancelled where they were sent, and not where they were mapped to", async () => {
    const { now, later, to } = await mapped(async (signal) => {
      await sleep(1_500, undefined, { signal }).catch(() => {});
    });
    const running = (bus: Bus): number => bus.status.mailboxes[0]?.running ?? 0;
    const abort = new AbortController();
    const calls = Array.from({ length: 60 }, () => to.level(tea, { signal: abort.signal }));
    await until("all run", () => running(now) + running(later) === 60);
    const elsewhere = running(later);
    expect(elsewhere).toBeGreaterThan(0);
    abort.abort();
    await Promise.all(calls);
    await until("those at stock are cancelled", () => running(now) === 0);
    expect(running(later)).toBe(elsewhere);
    await until("the others end by themselves", () => running(later) === 0);
  });
});
