import { describe, expectTypeOf, test } from "vitest";
import { z } from "zod";
import {
  type Bus,
  type Context,
  type ContextOf,
  cast,
  type Durable,
  type LetterContext,
  type LetterDisposition,
  type LetterReceipt,
  mailbox,
  type NotStored,
  type NotStoredReason,
  type Receipt,
  type Stored,
} from "../index.js";

const post = mailbox("post", {
  send: cast({ input: z.object({ text: z.string(), copies: z.string().transform(Number) }), durable: true }),
  ping: cast({ durable: { tries: 3 } }),
  plain: cast({ input: z.string() }),
  unkept: cast({ input: z.string(), durable: false }),
});
type Post = typeof post.messages;
declare const bus: Bus;
const client = bus.to(post);
const letter = { text: "a", copies: "2" };

describe("the type of a cast", () => {
  test("remembers whether it is durable", () => {
    expectTypeOf(post.messages.send.durable).toEqualTypeOf<Durable>();
    expectTypeOf(post.messages.ping.durable).toEqualTypeOf<Durable>();
    expectTypeOf(post.messages.plain.durable).toEqualTypeOf<undefined>();
    expectTypeOf(post.messages.unkept.durable).toEqualTypeOf<undefined>();
    // @ts-expect-error it is sent again until it is stored
    cast({ durable: { tries: "3" } });
  });
});

describe("a durable cast", () => {
  test("gives the promise of a receipt, which lints find when nobody awaits it; a plain one gives a receipt", async () => {
    expectTypeOf(client.send(letter)).toEqualTypeOf<Promise<LetterReceipt>>();
    expectTypeOf(client.ping()).toEqualTypeOf<Promise<LetterReceipt>>();
    expectTypeOf(client.plain("a")).toEqualTypeOf<Receipt>();
    expectTypeOf(client.unkept("a")).toEqualTypeOf<Receipt>();
    expectTypeOf(bus.within({ timeout: 5 }).to(post).ping()).toEqualTypeOf<Promise<LetterReceipt>>();
    // @ts-expect-error a promise has no status: somebody forgot to await it
    client.ping().status;
  });

  test("has a receipt whose status tells its fields", async () => {
    const receipt = await client.send(letter);
    // @ts-expect-error only of what was stored
    receipt.duplicate;
    if (receipt.status === "stored") {
      expectTypeOf(receipt).toEqualTypeOf<Stored>();
      expectTypeOf(receipt.duplicate).toEqualTypeOf<boolean>();
    } else {
      expectTypeOf(receipt).toEqualTypeOf<NotStored>();
      expectTypeOf(receipt.reason).toEqualTypeOf<NotStoredReason>();
      expectTypeOf(receipt.delivered).toEqualTypeOf<"no" | "maybe">();
    }
    expectTypeOf(receipt.id).toEqualTypeOf<string>();
  });

  test("takes its input, and the options of a letter", () => {
    client.send(letter, { id: "a", timeout: 100, signal: new AbortController().signal });
    client.ping(undefined, { id: "a" });
    // @ts-expect-error it needs its input
    client.send();
    // @ts-expect-error a number is no text
    client.send({ text: 1, copies: "2" });
    // @ts-expect-error an option of plain casts
    client.send(letter, { whenUnreachable: "drop" });
    // @ts-expect-error an option of letters
    client.plain("a", { id: "a" });
  });

  test("cannot go to everyone", () => {
    expectTypeOf(bus.toAll(post).send).toEqualTypeOf<never>();
    expectTypeOf(bus.toAll(post).plain).not.toEqualTypeOf<never>();
  });

  test("has the same client at every address; sending it there throws", () => {
    expectTypeOf(bus.to(post, { instance: "a" })).toEqualTypeOf(client);
  });
});

describe("the handler of a durable cast", () => {
  const others = { plain() {}, unkept() {} };

  test("gets the letter's context, and may say what becomes of it", () => {
    bus.serve(
      post,
      {
        ...others,
        send(input, ctx) {
          expectTypeOf(input).toEqualTypeOf<{ text: string; copies: number }>();
          expectTypeOf(ctx).toEqualTypeOf<LetterContext<Post["send"], Post>>();
          expectTypeOf(ctx.id).toEqualTypeOf<string>();
          expectTypeOf(ctx.attempt).toEqualTypeOf<number>();
          expectTypeOf(ctx.bury("why")).toEqualTypeOf<LetterDisposition>();
          return ctx.later(1_000);
        },
        async ping(_, ctx) {
          if (ctx.attempt > 1) return ctx.bury("enough");
          return;
        },
      },
      { letters: { concurrency: 4 } },
    );
    expectTypeOf<ContextOf<typeof post, "send">>().toEqualTypeOf<LetterContext<Post["send"], Post>>();
  });

  test("may not give anything else, and that of a plain cast has no letter", () => {
    // @ts-expect-error what it gives would be lost
    bus.serve(post, { ...others, send: () => 7, ping() {} });
    bus.serve(post, {
      send() {},
      ping() {},
      unkept() {},
      plain(_, ctx) {
        expectTypeOf(ctx).toEqualTypeOf<Context<Post["plain"], Post>>();
        // @ts-expect-error it is not kept
        ctx.bury("why");
      },
    });
  });
});
