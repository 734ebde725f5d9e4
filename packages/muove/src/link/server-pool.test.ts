import { describe, expect, it } from "vitest";
import { parseServer } from "./server-address.js";
import { ServerPool } from "./server-pool.js";

const order = (pool: ServerPool, lost?: string) =>
  pool.round(lost === undefined ? undefined : parseServer(lost)).map(({ listen }) => listen);

describe("the server pool", () => {
  it("returns each once: the configured ones, then the announced ones; the one that was lost last of its kind", () => {
    const pool = new ServerPool(["a:1", "b:1"], () => 0);
    pool.learn(["c:1", "b:1", "d:1"], parseServer("a:1"), false);
    expect(order(pool)).toEqual(["a:1", "b:1", "c:1", "d:1"]);
    expect(order(pool, "a:1")).toEqual(["b:1", "a:1", "c:1", "d:1"]);
    expect(order(pool, "c:1")).toEqual(["a:1", "b:1", "d:1", "c:1"]);
    expect(order(pool, "elsewhere:1")).toEqual(["a:1", "b:1", "c:1", "d:1"]);
  });

  it("starts with a load balancer, not with the addresses behind it, when the connection through it is lost (F17)", () => {
    const pool = new ServerPool(["balancer:1"]);
    pool.learn(["10.0.0.1:1", "10.0.0.2:1", "10.0.0.3:1"], parseServer("balancer:1"), false);
    expect(order(pool, "balancer:1")[0]).toBe("balancer:1");
  });

  it("returns a server that is about to shut down last of all", () => {
    const pool = new ServerPool(["a:1", "b:1"], () => 0);
    pool.learn(["c:1"], parseServer("a:1"), false);
    expect(pool.roundWithout(parseServer("a:1")).map(({ listen }) => listen)).toEqual(["b:1", "c:1", "a:1"]);
  });

  it("leaves out announced addresses that cannot be dialled", () => {
    const pool = new ServerPool(["a:1"], () => 0);
    pool.learn(["[fe80::1%eth0]:1", "c:0", "d:1"], parseServer("a:1"), false);
    expect(order(pool)).toEqual(["a:1", "d:1"]);
  });

  it("keeps the credentials of a configured server that is also announced", () => {
    const pool = new ServerPool(["u:p@a:1"]);
    pool.learn(["a:1"], parseServer("x:y@b:1"), false);
    expect(pool.round()).toEqual([parseServer("u:p@a:1")]);
  });

  it("forgets servers that are no longer announced, except when a server is alone", () => {
    const pool = new ServerPool(["a:1"], () => 0);
    pool.learn(["b:1", "c:1"], parseServer("a:1"), false);
    pool.learn([], parseServer("a:1"), false);
    expect(order(pool)).toEqual(["a:1", "b:1", "c:1"]);
    pool.learn(["c:1"], parseServer("a:1"), false);
    expect(order(pool)).toEqual(["a:1", "c:1"]);
  });

  it("shuffles, so that clients spread over the servers", () => {
    const firsts = Array.from({ length: 200 }, () => order(new ServerPool(["a:1", "b:1"]))[0]);
    expect(new Set(firsts)).toEqual(new Set(["a:1", "b:1"]));
  });
});
