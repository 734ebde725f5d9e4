import { eventually } from "@muove/testkit";
import { connect, type DeadLetter } from "muove";
import { expect } from "vitest";
import { worker } from "../services/contract.js";
import { connected } from "./support/bus.js";
import { failure } from "./support/failure.js";
import { timed, typical } from "./support/load.js";
import { notesOf, startWorker } from "./support/worker.js";

failure(
  "F7",
  "pings notice a connection that goes silent, and then it is as if NATS had been killed",
  async (fault) => {
    const nats = await fault.nats();
    const target = await startWorker(fault, nats);
    const proxy = await fault.kit.proxy(nats.url);
    await using bus = connect({ service: "caller", servers: proxy.url, logger: false });
    await connected(bus);
    const to = bus.to(worker);
    const downs: string[] = [];
    const dead: DeadLetter[] = [];
    bus.on("disconnected", ({ reason }) => downs.push(reason));
    bus.on("deadLetter", (letter) => dead.push(letter));
    expect(await to.echo({ text: "hi" }, { timeout: 2_000 })).toMatchObject({ status: "ok" });

    proxy.blackHole();
    const patient = timed(() => to.wait({ ms: 1 }, { timeout: 60_000 }));
    // This process cannot know yet that nobody gets it.
    expect(to.note({ text: "into the silence" })).toEqual({ status: "sent" });
    expect(await to.echo({ text: "hi" })).toMatchObject({ reason: "timeout", delivered: "maybe" });

    const noticed = await patient;
    fault.figure("from the silence until it is noticed, and the calls under way end", noticed.ms);
    expect(noticed.value).toMatchObject({ status: "unavailable", reason: "unreachable", delivered: "maybe" });
    expect(noticed.ms).toBeLessThan(15_000);
    expect(downs).toEqual(["stale"]);
    expect(dead).toMatchObject([{ input: { text: "into the silence" }, reason: "unreachable", delivered: "maybe" }]);
    const next = await typical(21, () => to.wait({ ms: 1 }, { timeout: 1_000 }));
    expect(next.value).toMatchObject({ reason: "unreachable", delivered: "no" });
    expect(next.ms).toBeLessThan(50);

    await proxy.heal();
    const healed = await timed(() =>
      eventually(async () => (await to.echo({ text: "back" })).status === "ok", { within: 20_000 }),
    );
    fault.figure("from the end of the silence until a call is answered", healed.ms);
    expect(healed.ms).toBeLessThan(8_000);
    expect(await notesOf(target)).toEqual([]);
  },
);
