import { describe, expect, test } from "vitest";
import { mailNames, readMailSubject } from "./mail-subjects.js";

describe("the names of a mailbox's mail", () => {
  test("are under a root of its own, after the prefix", () => {
    const names = mailNames("acme.eu", "post");
    expect(names.letter("send")).toBe("acme.eu.muove-mail.post.d.send");
    expect(names.again("send")).toBe("acme.eu.muove-mail.post.again.send");
    expect(names.retry(3, "send")).toBe("acme.eu.muove-mail.post.retry.3.send");
    expect(names.dead("send")).toBe("acme.eu.muove-mail.post.dead.send");
    expect(names.stream).toMatch(/^MUOVE-MAIL_acme-eu_post_[\da-f]{8}$/);
    expect(names.deadStream).toMatch(/^MUOVE-DEAD_acme-eu_post_[\da-f]{8}$/);
  });

  test("differ for every mailbox and prefix", () => {
    const all = [
      [undefined, "a_b"],
      ["a", "b"],
      ["a", "b_c"],
      ["a_b", "c"],
      ["a-b", "c"],
      ["a.b", "c"],
      [undefined, "DEAD"],
      ["x".repeat(70), "b"],
      [`${"x".repeat(70)}y`, "b"],
    ] as const;
    const names = all.flatMap(([prefix, mailbox]) => Object.values(mailNames(prefix, mailbox)).slice(0, 2));
    expect(new Set(names).size).toBe(2 * all.length);
  });
});

describe("a subject of mail", () => {
  const names = mailNames("p", "post");

  test.each([
    ["p.muove-mail.post.d.send", { place: "d", message: "send" }],
    ["p.muove-mail.post.again.send", { place: "again", message: "send" }],
    ["p.muove-mail.post.retry.0.send", { place: "retry", message: "send" }],
  ])("%s tells where it lay", (subject, read) => {
    expect(readMailSubject(names, subject)).toEqual(read);
  });

  test.each([
    "muove-mail.post.d.send",
    "p.muove-mail.posts.d.send",
    "p.muove-mail.post.d",
    "p.muove-mail.post.d.send.x",
    "p.muove-mail.post.retry.send",
    "p.muove-mail.post.dead.send",
    "_INBOX.a.b",
    "",
  ])("%j is none that is delivered", (subject) => {
    expect(readMailSubject(names, subject)).toBeUndefined();
  });
});
