import { describe, expect, it } from "vitest";
import { Echoes } from "./echoes.js";
import { NatsMessage } from "./nats-message.js";
import type { Origin } from "./publication.js";
import type { Subscriber } from "./subscription.js";

const origin = (): Origin => ({ publish: () => true });
const [old, next, third] = [origin(), origin(), origin()];
const subscriber = (): Subscriber => ({ subject: "a", queue: undefined, refusal: undefined, receive: () => {} });
const listener = subscriber();

function from(connection: Origin, reply: string): NatsMessage {
  const { length } = reply;
  return new NatsMessage(connection, Buffer.from(reply), 0, 0, 0, length, length, length, length);
}

describe("the echoes of a move", () => {
  it("are the copies of a message by every other connection, for each subscription (ECHOES-2)", () => {
    const echoes = new Echoes();
    echoes.begin();
    expect(echoes.isEcho(listener, from(old, "r.1"))).toBe(false);
    expect(echoes.isEcho(subscriber(), from(next, "r.1"))).toBe(false);
    expect(echoes.isEcho(listener, from(next, "r.1"))).toBe(true);
    expect(echoes.isEcho(listener, from(third, "r.1"))).toBe(true);
    echoes.forget();
  });

  it("are told for a while after the move, of what was heard in it (ECHOES-1, ECHOES-2)", async () => {
    const echoes = new Echoes({ memory: 50 });
    echoes.begin();
    echoes.isEcho(listener, from(old, "r.1"));
    echoes.isEcho(listener, from(old, "r.2"));
    echoes.end();
    expect(echoes.isEcho(listener, from(next, "r.1"))).toBe(true);
    expect(echoes.isEcho(listener, from(next, "r.3"))).toBe(false);
    await expect.poll(() => echoes.isEcho(listener, from(origin(), "r.2"))).toBe(false);
  });

  it("are remembered over moves that follow each other", async () => {
    const echoes = new Echoes({ memory: 50 });
    echoes.begin();
    echoes.isEcho(listener, from(old, "r.1"));
    echoes.end();
    echoes.begin();
    await new Promise((resolve) => setTimeout(resolve, 100)); // Longer than the memory of the first one.
    expect(echoes.isEcho(listener, from(next, "r.1"))).toBe(true);
    expect(echoes.isEcho(listener, from(third, "r.1"))).toBe(true);
    echoes.forget();
  });

  it("are not messages whose sender uses its reply subject again, or has none (ECHOES-3)", () => {
    const echoes = new Echoes();
    echoes.begin();
    for (const reply of ["fixed", ""]) {
      expect(echoes.isEcho(listener, from(old, reply))).toBe(false);
      expect(echoes.isEcho(listener, from(old, reply))).toBe(false);
    }
    expect(echoes.isEcho(listener, from(next, "fixed"))).toBe(true);
    expect(echoes.isEcho(listener, from(next, "fixed"))).toBe(false);
    echoes.end();
    expect(echoes.isEcho(listener, from(next, "fixed"))).toBe(false);
    expect(echoes.isEcho(listener, from(next, "fixed"))).toBe(false);
    echoes.forget();
  });

  it("are bounded: of more messages than enough, the oldest are forgotten (ECHOES-1)", () => {
    const echoes = new Echoes({ enough: 3 });
    echoes.begin();
    const replies = Array.from({ length: 10 }, (_, i) => `r.${i}`);
    for (const reply of replies) echoes.isEcho(listener, from(old, reply));
    echoes.end();
    const told = replies.filter((reply) => echoes.isEcho(listener, from(next, reply)));
    expect(told).toEqual(replies.slice(-4));
    echoes.forget();
  });

  it("are not remembered without a move", () => {
    const echoes = new Echoes();
    expect(echoes.isEcho(listener, from(old, "r.1"))).toBe(false);
    expect(echoes.isEcho(listener, from(next, "r.1"))).toBe(false);
  });
});
