import { eventually } from "@muove/testkit";
import { expect } from "vitest";
import { longestNet } from "./services/stalls.js";
import { evilInbox } from "./support/scene.js";
import { countsOf, megabytes, stallsOf, statusOf } from "./support/services.js";
import { threat } from "./support/threat.js";

const messages = 40;

/** 8,000 chains of 126 arrays in one array: valid, of allowed depth, and close to 1 MiB. */
function nested(): Buffer {
  const chain = Buffer.concat([Buffer.alloc(125, 0x91), Buffer.from([0xc0])]);
  return Buffer.concat([Buffer.from("dd00001f40", "hex"), ...new Array<Buffer>(8_000).fill(chain)]);
}

threat(
  "T12",
  "40 messages of 1 MiB of nested MessagePack break no connection, and memory stays bounded",
  async (attack) => {
    const scene = await attack.guarded();
    const service = await scene.process("stock");
    const peer = await scene.peer();
    await peer.subscribe(evilInbox);
    const { connection } = await statusOf(service);
    const before = await service.ask<number>("peak");
    await service.ask("peak");
    await stallsOf(service);
    const payload = nested();
    const headers = ["Muove-Timeout: 60000"];

    for (let i = 0; i < messages; i++) {
      const to = i % 2 === 0 ? "muove.stock.level" : "muove.stock.sold";
      peer.publish(to, { reply: evilInbox, payload, headers });
    }
    await peer.flush();
    const refused = async (): Promise<number> => {
      const { rejected, overloaded } = await countsOf(service);
      return rejected + overloaded;
    };
    await eventually(async () => (await refused()) === messages, { within: 40_000, what: "all of them are refused" });

    const grown = megabytes((await service.ask<number>("peak")) - before);
    const stall = longestNet(await stallsOf(service));
    attack.figure("peak growth of the process", grown, "MB");
    attack.figure("longest stall", stall);
    expect((await statusOf(service)).connection).toEqual(connection);
    expect(await countsOf(service)).toMatchObject({ crashed: 0 });
    expect((await countsOf(service)).rejected).toBeGreaterThan(0);
    expect(grown).toBeLessThan(messages + 200);
    expect(stall).toBeLessThan(1_000);
  },
);
