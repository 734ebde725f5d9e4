import { beforeEach, describe, expect, test, vi } from "vitest";
import type { Link, NatsMessage } from "../link/index.js";
import { CastWatch } from "./cast-watch.js";
import type { Sent } from "./letter.js";

const to = (subject: string): Sent => ({ target: { subject } }) as Sent;
const nobody = { empty: true, headers: "NATS/1.0 503\r\n\r\n" } as NatsMessage;
const other = { empty: false, headers: "" } as NatsMessage;

let fences: ((answered: boolean) => void)[];
let watch: CastWatch;
let settled: Promise<void> | undefined;
const inbox = {
  get refusalsSettled() {
    return settled;
  },
};
const giveUp = vi.fn();
beforeEach(() => {
  giveUp.mockClear();
  const asked: typeof fences = [];
  fences = asked;
  const fence = () => new Promise<boolean>((resolve) => asked.push(resolve));
  watch = new CastWatch({ fence } as Link, inbox, giveUp);
  settled = undefined;
});

const asked = (count: number) => vi.waitFor(() => expect(fences).toHaveLength(count));
const deadLetters = () =>
  giveUp.mock.calls.map(([{ target }, reason, delivered]) => `${target.subject} ${reason} ${delivered}`);

describe("casts under watch", () => {
  test("CAST-WATCH-1 CAST-WATCH-2 share a ping, and settle when it is answered; later ones wait for the next", async () => {
    watch.watch("nonce 1", 1, to("a"));
    watch.watch("nonce 2", 2, to("b"));
    await asked(1);
    watch.watch("nonce 5", 5, to("c"));
    expect(watch.size).toBe(3);
    fences[0]?.(true);
    await asked(2);
    expect(watch.size).toBe(1);
    const idle = watch.idle();
    fences[1]?.(true);
    await idle;
    expect(watch.size).toBe(0);
    expect(giveUp).not.toHaveBeenCalled();
  });

  test("CAST-WATCH-3 become dead letters at once, and once, when the server says that nobody listens", async () => {
    watch.watch("nonce 1", 1, to("a"));
    watch.watch("nonce 4", 4, to("b"));
    await asked(1);
    watch.watch("nonce 6", 6, to("c"));
    expect([watch.nonceOf(4), watch.nonceOf(6)]).toEqual(["nonce 4", "nonce 6"]);
    for (let again = 0; again < 2; again++) for (const token of [4, 6]) watch.received(token, nobody);
    expect(deadLetters()).toEqual(["b absent no", "c absent no"]);
    expect([watch.nonceOf(4), watch.nonceOf(6)]).toEqual([undefined, undefined]);
    fences[0]?.(false);
    await watch.idle();
    expect(deadLetters()).toEqual(["b absent no", "c absent no", "a unreachable maybe"]);
  });

  test("ignore unknown tokens, and replies that are not from the server", async () => {
    for (const token of [10, 20, 30]) watch.watch(`nonce ${token}`, token, to(`${token}`));
    for (const token of [-1, 0, 9, 11, 25, 31]) {
      expect(watch.nonceOf(token)).toBeUndefined();
      watch.received(token, nobody);
    }
    watch.received(20, other);
    expect(watch.size).toBe(3);
    expect(giveUp).not.toHaveBeenCalled();
  });

  test("may be lost with the connection, in order; casts made in response are not", async () => {
    watch.watch("nonce 1", 1, to("a"));
    await asked(1);
    watch.watch("nonce 2", 2, to("b"));
    giveUp.mockImplementationOnce(() => watch.watch("nonce 3", 3, to("c")));
    watch.lost();
    expect(deadLetters()).toEqual(["a unreachable maybe", "b unreachable maybe"]);
    expect(watch.size).toBe(1);
    fences[0]?.(false);
    await asked(2);
    fences[1]?.(true);
    await watch.idle();
    expect(giveUp).toHaveBeenCalledTimes(2);
  });

  test("are forbidden one by one, by token", async () => {
    watch.watch("nonce 1", 1, to("a"));
    watch.watch("nonce 2", 2, to("b"));
    await asked(1);
    watch.watch("nonce 3", 3, to("a"));
    expect([watch.tokensTo("a"), watch.tokensTo("b"), watch.tokensTo("c")]).toEqual([[1, 3], [2], []]);
    watch.forbidden(3);
    expect(watch.tokensTo("a")).toEqual([1]);
    watch.forbidden(1);
    expect(watch.tokensTo("a")).toEqual([]);
    expect(deadLetters()).toEqual(["a forbidden no", "a forbidden no"]);
  });

  test("CAST-WATCH-2 are watched until the server's refusals are known", async () => {
    let settle = (): void => {};
    settled = new Promise((resolve) => {
      settle = resolve;
    });
    watch.watch("nonce 1", 1, to("a"));
    await asked(1);
    fences[0]?.(true);
    await Promise.resolve();
    watch.forbidden(1);
    settle();
    await watch.idle();
    expect(deadLetters()).toEqual(["a forbidden no"]);
  });
});
