import { eventually } from "@muove/testkit";
import { expect } from "vitest";
import { letters, MailScene, root } from "./support/mail-scene.js";
import { threat } from "./support/threat.js";

threat("T19", "a full stream refuses good letters too, loses none, and goes on when there is room", async (attack) => {
  await MailScene.set(attack, async (scene) => {
    const [peer, clinic, operator] = [await scene.peer(), await scene.bus("clinic"), await scene.bus("operator")];
    const send = clinic.to(letters);
    for (let n = 0; n < 20; n++) await send.print({ text: `${n}` });
    const flood = 10_000;
    await peer.flood(flood, () => [`${root}d.post`, { payload: JSON.stringify({ text: "x".repeat(1_000) }) }]);
    const refused = await send.print({ text: "late".repeat(1_000) });
    expect(refused).toMatchObject({ reason: "overloaded", delivered: "no" });
    const { messages } = await operator.mail(letters).info();
    attack.figure("letters of a flood that were kept, in 2 MiB", messages.post?.waiting ?? 0, `of ${flood}`);
    expect(messages.print?.waiting).toBe(20);
    expect(messages.post?.waiting).toBeLessThan(2_000);
    const printed = new Set<string>();
    const owner = await scene.owner({ print: ({ text }) => void printed.add(text) });
    await eventually(() => printed.size === 20);
    await eventually(async () => (await send.print({ text: "later" })).status === "stored");
    await eventually(() => printed.size === 21);
    expect(owner.status.counts.lettersBuried).toBe(0);
  });
});
