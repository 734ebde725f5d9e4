import { eventually } from "@muove/testkit";
import { expect } from "vitest";
import { letters, MailScene, root, stored, stream } from "./support/mail-scene.js";
import { threat } from "./support/threat.js";

threat("T17", "what a letter says of its tries, its due time and its death does not count", async (attack) => {
  await MailScene.set(attack, async (scene) => {
    const peer = await scene.peer();
    const attempts: number[] = [];
    const began = Date.now();
    const owner = await scene.owner({
      post: (_, { attempt, sentAt }) => {
        attempts.push(attempt);
        expect(Math.abs(sentAt - began)).toBeLessThan(30_000);
        throw new Error("no paper");
      },
    });
    const far = 9_999_999_999_999;
    await stored(peer, [
      "Muove-Id: a",
      `Muove-Trail: 999 1 1 1 1 ${far}`,
      "Muove-Dead: buried 1 1 1 1 1",
      "Muove-Error: x",
    ]);
    await eventually(() => owner.status.counts.lettersBuried === 1, { within: 15_000 });
    expect(attempts).toEqual([1, 2]);
    const operator = await scene.bus("operator");
    const { letters: dead } = await operator.mail(letters).dead.list();
    expect(dead).toMatchObject([{ id: "a", reason: "failed", error: "Error: no paper", tries: 2, revivals: 0 }]);
  });
});

threat("T17", "a sender cannot acknowledge, fetch, move, read or delete the letters of others", async (attack) => {
  await MailScene.set(attack, async (scene) => {
    const [peer, clinic] = [await scene.peer(), await scene.bus("clinic")];
    let handled = 0;
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const owner = await scene.owner({
      post: async () => {
        await held;
        handled++;
      },
    });
    await clinic.to(letters).post({ text: "good" });
    await eventually(() => owner.status.mailboxes[0]?.letters?.running === 1);
    const subjects = [
      ...["+ACK", "+TERM", "-NAK"].map((payload) => [`$JS.ACK.${stream}.post.1.1.1.1700000000000000000.0`, payload]),
      [`${root}again.post`, "{}"],
      [`${root}retry.0.post`, "{}"],
      [`${root}dead.post`, "{}"],
      [`$JS.API.CONSUMER.MSG.NEXT.${stream}.post`, "1"],
      [`$JS.API.STREAM.MSG.GET.${stream}`, '{"seq":1}'],
      [`$JS.API.STREAM.MSG.DELETE.${stream}`, '{"seq":1}'],
      [`$JS.API.STREAM.PURGE.${stream}`, ""],
    ] as const;
    for (const [subject, payload] of subjects) {
      peer.publish(subject ?? "", { payload: payload ?? "" });
      await peer.flush();
    }
    attack.figure(
      "attempts that the server let through",
      subjects.length - peer.refusals.length,
      `of ${subjects.length}`,
    );
    expect(peer.refusals).toHaveLength(subjects.length);
    release();
    await eventually(() => owner.status.counts.lettersHandled === 1);
    expect(handled).toBe(1);
  });
});
