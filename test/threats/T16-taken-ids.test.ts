import { eventually } from "@muove/testkit";
import { expect } from "vitest";
import { letters, MailScene, stored } from "./support/mail-scene.js";
import { threat } from "./support/threat.js";

threat("T16", "the sender of a letter whose id is taken is told so", async (attack) => {
  await MailScene.set(attack, async (scene) => {
    const [peer, clinic] = [await scene.peer(), await scene.bus("clinic")];
    await stored(peer, ["Muove-Id: bill-1", "Nats-Msg-Id: post/bill-1"]);
    const receipt = await clinic.to(letters).post({ text: "good" }, { id: "bill-1" });
    expect(receipt).toEqual({ status: "stored", id: "bill-1", duplicate: true });
    expect(await clinic.to(letters).post({ text: "good" })).toMatchObject({ status: "stored", duplicate: false });
  });
});

threat(
  "T16",
  "no sender can take the ids of copies, so that no letter is lost on its way to its next try",
  async (attack) => {
    await MailScene.set(attack, async (scene) => {
      const [peer, clinic, operator] = [await scene.peer(), await scene.bus("clinic"), await scene.bus("operator")];
      let taken = 0;
      for (const end of [0, 1, 2, 3, 4].flatMap((n) => [`/r0/p${n}`, `/r0/p${n}/dead`, `/r1/p${n}`])) {
        const answer = await stored(peer, ["Muove-Id: forged", `Nats-Msg-Id: post/bill-1${end}`]);
        if (answer.includes('"seq"')) taken++;
      }
      const tried: string[] = [];
      const owner = await scene.owner({
        post: ({ text }, { id }) => {
          if (text !== "good") return;
          tried.push(id);
          throw new Error("no paper");
        },
      });
      expect(await clinic.to(letters).post({ text: "good" }, { id: "bill-1" })).toMatchObject({ duplicate: false });
      await eventually(() => tried.length === 2, { within: 10_000 });
      await eventually(() => owner.status.counts.lettersBuried === 1);
      const { dead } = operator.mail(letters);
      const [letter] = (await dead.list()).letters;
      expect(letter).toMatchObject({ id: "bill-1", tries: 2 });
      // Sent again, it is a copy, too.
      await dead.resend(letter?.sequence ?? 0);
      await eventually(() => owner.status.counts.lettersBuried === 2, { within: 10_000 });
      attack.figure(
        "tries of a letter whose copies could have their ids taken",
        tried.length,
        `of 4, with ${taken} ids taken before`,
      );
    });
  },
);
