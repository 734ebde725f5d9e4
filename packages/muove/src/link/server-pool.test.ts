import { describe, expect, it } from "vitest";
import { parseServer } from "./server-address.js";
import { ServerPool } from "./server-pool.js";

const order = (pool: ServerPool, avoid?: string) =>
  pool.round(avoid === undefined ? undefined : parseServer(avoid)).map(({ listen }) => listen);

describe("the server pool", () => {
  it("returns each once: the configured ones, then the announced ones, then the one to avoid", () => {
    const pool = new ServerPool(["a:1", "b:1"], () => 0);
    pool.learn(["c:1", "b:1", "d:1"], parseServer("a:1"), false);
    expect(order(pool)).toEqual(["a:1", "b:1", "c:1", "d:1"]);
    expect(order(pool, "a:1")).toEqual(["b:1", "c:1", "d:1", "a:1"]);
    expect(order(pool, "c:1")).toEqual(["a:1", "b:1", "d:1", "c:1"]);
    expect(order(pool, "elsewhere:1")).toEqual(["a:1", "b:1", "c:1", "d:1"]);
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
