import { eventually } from "@muove/testkit";
import { expect } from "vitest";
import { letters, MailScene, stream } from "./support/mail-scene.js";
import { threat } from "./support/threat.js";

threat("T20", "nothing forged at an owner's inbox is taken for a letter, a status or an answer", async (attack) => {
  await MailScene.set(attack, async (scene) => {
    const [peer, clinic] = [await scene.peer(), await scene.bus("clinic")];
    const texts: string[] = [];
    const owner = await scene.owner({ post: ({ text }) => void texts.push(text) });
    const gone: unknown[] = [];
    owner.on("buried", (letter) => void gone.push(letter));
    const { instance } = owner.status;
    const own = `_INBOX_muove.letters.${instance}`;
    const ack = `$JS.ACK.${stream}.post.1.1.1.1700000000000000000.0`;
    // Without the token, which begins with 66 random bits, the peer can only guess.
    const guess = (i: number): string => `${(i * 7_919).toString(36).padStart(11, "A")}`;
    const forged = 20_000;
    await peer.flood(forged, (i) => {
      const to = [`${own}.${guess(i)}.post.1`, `${own}.${guess(i)}${i}`, `${own}.${guess(i)}.post`][i % 3] ?? "";
      const said = [
        { reply: ack, payload: '{"text":"forged"}' },
        { headers: "NATS/1.0 409 Consumer Deleted\r\n\r\n" },
        { headers: "NATS/1.0 503\r\n\r\n" },
        { payload: `{"stream":"${stream}","seq":1}` },
        { payload: '{"error":{"code":404,"err_code":10059,"description":"stream not found"}}' },
      ][i % 5];
      return [to, { ...said }];
    });
    const sent = await Promise.all(
      Array.from({ length: 50 }, (_, n) => clinic.to(letters).post({ text: `good ${n}` })),
    );
    expect(sent.every(({ status }) => status === "stored")).toBe(true);
    await eventually(() => texts.length === 50);
    attack.figure(
      "forged deliveries, statuses and answers that were taken",
      texts.filter((text) => text === "forged").length,
      `of ${forged}`,
    );
    expect(texts).not.toContain("forged");
    expect(owner.health).toMatchObject({ ready: true, problems: [] });
    expect(gone).toEqual([]);
  });
});

threat("T20", "what is no answer of a stream is no receipt", async (attack) => {
  await MailScene.set(attack, async (scene) => {
    const [peer, clinic] = [await scene.peer(), await scene.bus("clinic")];
    const inbox = `_INBOX_muove.clinic.${clinic.status.instance}`;
    const forged = peer.flood(5_000, (i) => [`${inbox}.${i}`, { payload: `{"stream":"${stream}","seq":${i}}` }]);
    const before = clinic.status.counts.strayReplies;
    const receipts = await Promise.all(Array.from({ length: 100 }, () => clinic.to(letters).post({ text: "x" })));
    await forged;
    expect(receipts.every((receipt) => receipt.status === "stored" && !receipt.duplicate)).toBe(true);
    await eventually(() => clinic.status.counts.strayReplies - before >= 5_000);
    const kept = (await (await scene.bus("operator")).mail(letters).info()).messages.post?.waiting;
    expect(kept).toBe(100);
  });
});
