// The code of docs/mail.md about operating.

import { eventually } from "@muove/testkit";
import { expect, test, vi } from "vitest";
import { letters } from "../docs/snippets/mail/contract.js";
import { sendAgain, setUp, whilePaused } from "../docs/snippets/mail/operate.js";
import { describeMail, jetStream, join } from "./support/jetstream.js";

describeMail("the page about kept mail", () => {
  test("provisions, pauses, and sends dead letters again", async () => {
    vi.stubEnv("LOG_LEVEL", "silent");
    const log = vi.spyOn(console, "log").mockImplementation(() => {});
    const nats = await jetStream();
    expect(await setUp(nats.url, true)).toBe(true);
    expect(await setUp(nats.url, false)).toBe(true);
    const clinic = await join(nats, "clinic");
    const owner = await join(nats, "letters");
    const posted: string[] = [];
    let paper = false;
    owner.serve(letters, {
      post: ({ text }, ctx) => (paper ? void posted.push(text) : ctx.bury("no paper")),
    });
    await clinic.to(letters).post({ patient: "1", text: "first" });
    await eventually(() => owner.status.counts.lettersBuried === 1);
    expect(await sendAgain(clinic)).toBe(0); // It was buried, and did not fail.
    await whilePaused(clinic, async () => {
      await clinic.to(letters).post({ patient: "1", text: "second" });
      paper = true;
    });
    await clinic.mail(letters).dead.resendAll({});
    await eventually(() => posted.length === 2, { within: 10_000 });
    expect(log).toHaveBeenCalledWith("create", expect.stringContaining("MUOVE-MAIL_letters_"), [], [], "");
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  });
});
