import { eventually } from "@muove/testkit";
import { expect } from "vitest";
import { letters, MailScene, root, stored } from "./support/mail-scene.js";
import { threat } from "./support/threat.js";

threat("T18", "headers that NATS obeys concern the letter that has them, and no other", async (attack) => {
  await MailScene.set(attack, async (scene) => {
    const [peer, clinic, operator] = [await scene.peer(), await scene.bus("clinic"), await scene.bus("operator")];
    const send = clinic.to(letters);
    for (let n = 0; n < 10; n++) await send.post({ text: `${n}` });
    const hostile = [
      ["Nats-Rollup: all"],
      ["Nats-Rollup: sub"],
      ["Nats-Expected-Last-Sequence: 0"],
      ["Nats-Expected-Last-Subject-Sequence: 0"],
      ["Nats-Expected-Last-Msg-Id: none"],
      ["Nats-Expected-Stream: OTHER"],
      ["Nats-TTL: 1s"],
      ["Nats-Schedule: @every 1s", `Nats-Schedule-Target: ${root}again.post`],
      ["Nats-Schedule: @at 2000-01-01T00:00:00Z", `Nats-Schedule-Target: ${root}dead.post`],
      ["Nats-Batch-Id: x", "Nats-Batch-Sequence: 1"],
      ["Nats-Incr: 1"],
      ["Nats-Marker-Reason: Remove"],
    ];
    let refused = 0;
    for (const headers of hostile) if ((await stored(peer, headers)).includes('"error"')) refused++;
    attack.figure("letters with such headers that the stream refuses", refused, `of ${hostile.length}`);
    expect(refused).toBeGreaterThanOrEqual(6); // 2.10 does not know the others, and keeps them as they are.
    await new Promise((resolve) => setTimeout(resolve, 1_500)); // What lives for 1 s, or comes each second, shows.
    const { messages } = await operator.mail(letters).info();
    const kept = 10 + hostile.length - refused;
    expect(messages).toMatchObject({ post: { waiting: kept, dead: 0 }, print: { waiting: 0, dead: 0 } });
    const texts = new Set<string>();
    const owner = await scene.owner({ post: ({ text }) => void texts.add(text) });
    await eventually(() => owner.status.counts.lettersHandled === kept);
    expect([...texts].filter((text) => text !== "evil")).toHaveLength(10);
  });
});

threat("T18", "a stream's answer goes where the sender says, and is no letter", async (attack) => {
  await MailScene.set(attack, async (scene) => {
    const [peer, operator] = [await scene.peer(), await scene.bus("operator")];
    const owner = await scene.owner();
    // NATS checks no permissions there: what the stream says of one letter is stored as another one.
    peer.publish(`${root}d.post`, { reply: `${root}again.print`, payload: '{"text":"x"}' });
    peer.publish(`${root}d.post`, { reply: `${root}retry.0.print`, payload: '{"text":"x"}' });
    await peer.flush();
    await eventually(() => owner.status.counts.lettersHandled === 2);
    await eventually(() => owner.status.counts.rejected >= 1);
    expect(owner.health).toMatchObject({ live: true, ready: true });
    expect((await operator.mail(letters).info()).messages.print?.waiting).toBe(0);
  });
});
