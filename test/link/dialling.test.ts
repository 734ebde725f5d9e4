import dns from "node:dns";
import type { Socket } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import { describeOnEachBroker } from "../support/brokers.js";
import { makeKit } from "../support/kit.js";
import { until } from "../support/until.js";
import { fullBacklog } from "./support/full-backlog.js";
import { linkUp, recordedLink, untilUp } from "./support/links.js";
import { greeting, pong, scriptedServer } from "./support/scripted-server.js";

const greet = (socket: Socket) => void socket.write(greeting());
const nothing = () => {};
const reasons = ({ seen }: ReturnType<typeof recordedLink>) => seen.failures.map(({ error }) => error.message);

/** A server that lets clients in after `ms`, as one does that asks somebody else about their credentials. */
const slowToLetIn = (ms: number) =>
  scriptedServer(greet, (socket, line) => {
    if (line === "PING") setTimeout(() => socket.write("PONG\r\n"), ms);
  });

describe("a dial", () => {
  it("waits for a server that has greeted and takes seconds to check the credentials, and does not start anew (F6)", async () => {
    const server = await slowToLetIn(2_500);
    const { link } = recordedLink({ servers: [server.url] });
    await untilUp(link);
    expect(server.sockets).toHaveLength(1);
  });

  it("goes on for longer after each one that took too long, until it is in", async () => {
    const server = await slowToLetIn(150);
    const link = recordedLink({ servers: [server.url], dialTimeout: 100 });
    await untilUp(link.link);
    expect(reasons(link)).toEqual([
      `${server.url} did not let this bus in within 100 ms`,
      `${server.url} did not let this bus in within 200 ms`,
    ]);
    expect(link.seen.failures.map(({ kind }) => kind)).toEqual(["timeout", "timeout"]);
  });

  it("of a silent server does not hold up a healthy one, and is ended when that one is in", async () => {
    const silent = await scriptedServer(nothing, nothing);
    const { seen, link } = recordedLink({ servers: [silent.url] });
    await until("the silent one has the dial", () => silent.sockets.length === 1);
    await link.close();
    expect(seen.failures).toEqual([]);
    for (let i = 0; i < 4; i++) {
      const healthy = await scriptedServer(greet);
      const began = performance.now();
      const both = recordedLink({ servers: [silent.url, healthy.url] }); // In any order.
      await untilUp(both.link);
      expect(performance.now() - began).toBeLessThan(2_000);
      expect(both.link.status.server).toBe(healthy.url);
      await both.link.close();
    }
    await until("no dial is left", () => silent.sockets.every(({ destroyed }) => destroyed));
  });

  it("of a server that hangs after its greeting, or after the login, does not hold up a healthy one", async () => {
    const afterGreeting = await scriptedServer(greet, nothing);
    let pings = 0;
    const afterLogin = await scriptedServer(greet, (socket, line) => {
      if (line === "PING" && pings++ === 0) pong(socket, line);
    });
    const healthy = await scriptedServer(greet);
    vi.spyOn(Math, "random").mockReturnValue(0.5); // In this order.
    const servers = [afterGreeting.url, afterLogin.url, healthy.url];
    const began = performance.now();
    const { link } = recordedLink({ servers, headStart: 50 });
    await untilUp(link);
    expect(performance.now() - began).toBeLessThan(2_000);
    expect(link.status.server).toBe(healthy.url);
    expect([afterGreeting, afterLogin].map(({ sockets }) => sockets.length)).toEqual([1, 1]);
    await until("no dial is left", () => [afterGreeting, afterLogin].every(({ sockets: [it] }) => it?.destroyed));
  });

  it("begins anew beside one that is lost on a path that came back", async () => {
    const silent: Socket[] = [];
    let lost = true;
    const server = await scriptedServer((socket) => void (lost ? silent.push(socket) : greet(socket)));
    const { link } = recordedLink({ servers: [server.url], headStart: 50 });
    await until("several are silent", () => silent.length >= 3);
    lost = false;
    const began = performance.now();
    await untilUp(link);
    expect(performance.now() - began).toBeLessThan(2_000);
    await until("no other is left", () => silent.every(({ destroyed }) => destroyed));
  });

  afterEach(() => void vi.restoreAllMocks());
});

describeOnEachBroker((broker) => {
  describe("a path with a round trip of 1.5 s", () => {
    it("is connected, stays so, and carries messages", { timeout: 60_000 }, async () => {
      const server = await broker.start();
      const path = await makeKit().proxy(server.url);
      path.slow(750);
      const { link, seen } = recordedLink({ servers: [path.url], pingInterval: 1_000, maxPingsOut: 2 });
      const got: string[] = [];
      const subscription = link.subscribe("a", { receive: ({ subject }) => got.push(subject) });
      await until("it is up", () => link.up, 30_000);
      const up = performance.now();
      expect(subscription.state).toBe("open");
      expect(link.publish("a", new Uint8Array())).toBe(true);
      expect(await link.fence()).toBe(true);
      expect(got).toEqual(["a"]);
      await until("it was pinged for a while", () => performance.now() - up > 5_000);
      expect(seen.downs).toEqual([]);
    });
  });

  describe("a server at its limit of connections", () => {
    it("is reported by what it says", async () => {
      const server = await broker.start({ maxConnections: 1 });
      await linkUp({ servers: [server.url] });
      const refused = recordedLink({ servers: [server.url] });
      await until("three failed", () => refused.seen.failures.length >= 3);
      expect(new Set(reasons(refused))).toEqual(new Set(["maximum connections exceeded"]));
    });
  });
});

describe("the reason of a failed dial", () => {
  it.each([
    ["other", "maximum connections exceeded"],
    ["other", "maximum account active connections exceeded"],
    ["other", "Secure Connection - TLS Required"],
    ["credentials", "Authorization Violation"],
    ["credentials", "Account Authentication Expired"],
    ["credentials", "User Authentication Expired"],
    ["credentials", "User Authentication Revoked"],
    ["timeout", "Authentication Timeout"],
  ])("is of the kind %s, and what the server said before it hung up: %s", async (kind, said) => {
    const atOnce = await scriptedServer((socket) => void socket.end(`${greeting()}-ERR '${said}'\r\n`));
    const atLogin = await scriptedServer(greet, (socket, line) => line === "PING" && socket.end(`-ERR '${said}'\r\n`));
    for (const { url } of [atOnce, atLogin]) {
      const refused = recordedLink({ servers: [url] });
      await until("two failed", () => refused.seen.failures.length >= 2);
      expect(refused.seen.failures[0]?.kind).toBe(kind);
      expect(new Set(reasons(refused).map((text) => text.toLowerCase()))).toEqual(new Set([said.toLowerCase()]));
      await refused.link.close();
    }
  });

  it("is that it hung up, if it said nothing", async () => {
    const server = await scriptedServer((socket) => void socket.end(greeting()));
    const refused = recordedLink({ servers: [server.url] });
    await until("one failed", () => refused.seen.failures.length >= 1);
    expect(reasons(refused)[0]).toBe(`${server.url} greeted, and then closed the connection`);
  });

  it("is that the server has no headers, and the next server is used", async () => {
    const without = await scriptedServer((socket) => void socket.write(greeting({ headers: false })));
    const refused = recordedLink({ servers: [without.url] });
    await until("one failed", () => refused.seen.failures.length >= 1);
    expect(reasons(refused)[0]).toBe(`${without.url} does not support headers, which Muove needs`);
    expect(refused.seen.ups).toEqual([]);
    await until("it is left", () => without.sockets[0]?.destroyed === true);
    const other = await scriptedServer(greet);
    const { link } = await linkUp({ servers: [without.url, other.url] });
    expect(link.status.server).toBe(other.url);
  });
});

describe("a name that no resolver answers for", () => {
  afterEach(() => void vi.restoreAllMocks());

  it("does not hold up another server, is asked for once, and is reported as what it is (F1)", async () => {
    const healthy = await scriptedServer(greet);
    const asked = vi.spyOn(dns, "lookup").mockImplementation((() => {}) as never);
    const named = recordedLink({ servers: ["silent.example:4222"], headStart: 50 });
    await until("it was waited for three times", () => named.seen.failures.length >= 3);
    expect(asked).toHaveBeenCalledTimes(1);
    expect(named.seen.failures[0]).toMatchObject({ kind: "unresolved", attempt: 1 });
    expect(reasons(named)[0]).toBe("the name silent.example has not resolved so far; still waiting");
    await named.link.close();

    const { link } = recordedLink({ servers: ["silent.example:4222", healthy.url] });
    const began = performance.now();
    await untilUp(link);
    expect(performance.now() - began).toBeLessThan(2_000);
  });

  it("is connected when the answer comes late", async () => {
    const healthy = await scriptedServer(greet);
    const [, port] = healthy.url.split(":");
    const answer = (found: (error: null, addresses: object[]) => void) => found(null, [{ address: "127.0.0.1" }]);
    vi.spyOn(dns, "lookup").mockImplementation(((_: string, __: object, found: never) => {
      setTimeout(answer, 180, found);
    }) as never);
    const { link } = recordedLink({ servers: [`late.example:${port}`], headStart: 50 });
    await untilUp(link);
    expect(link.status.server).toBe(`late.example:${port}`);
  });

  it("that does not exist is reported with the resolver's words", async () => {
    const { seen } = recordedLink({ servers: ["nowhere.invalid"] });
    await until("one failed", () => seen.failures.length >= 1, 30_000);
    expect(seen.failures[0]).toMatchObject({ kind: "unresolved", error: { cause: { code: /ENOTFOUND|EAI_AGAIN/ } } });
  });
});

describe("a name with several addresses", () => {
  afterEach(() => void vi.restoreAllMocks());

  it("is connected by one that answers, beside one that does not", async () => {
    const healthy = await scriptedServer(greet);
    const [, port] = healthy.url.split(":");
    vi.spyOn(dns, "lookup").mockImplementation(((_: string, __: object, found: (...args: unknown[]) => void) => {
      found(null, [{ address: "192.0.2.1" }, { address: "192.0.2.2" }, { address: "127.0.0.1" }]);
    }) as never);
    const { link } = recordedLink({ servers: [`several.example:${port}`], headStart: 50 });
    await untilUp(link);
    expect(link.status.server).toBe(`several.example:${port}`);
  });
});

describe("servers that were announced", () => {
  /** A server that announces addresses that nobody can reach, as one in a Kubernetes cluster does. */
  async function announcing() {
    const unreachable = await fullBacklog();
    const silent = await scriptedServer(nothing, nothing);
    const server = await scriptedServer(
      (socket) => void socket.write(greeting({ connect_urls: [unreachable, silent.url] })),
    );
    return { server, silent };
  }

  it("are not tried before the configured one when the connection through it is lost (F17)", async () => {
    const { server, silent } = await announcing();
    const { seen } = await linkUp({ servers: [server.url] });
    const lost = performance.now();
    server.sockets[0]?.destroy();
    await until("it is up again", () => seen.ups.length === 2);
    expect(performance.now() - lost).toBeLessThan(500);
    expect(seen.failures).toEqual([]);
    expect(silent.sockets).toEqual([]);
  });

  it("are not tried at all with ignoreDiscoveredServers", async () => {
    const silent = await scriptedServer(nothing, nothing);
    let refusing = false;
    const server = await scriptedServer((socket) => {
      if (refusing) socket.destroy();
      else socket.write(greeting({ connect_urls: [silent.url] }));
    });
    const { link } = await linkUp({ servers: [server.url], ignoreDiscoveredServers: true, headStart: 20 });
    refusing = true;
    server.sockets[0]?.destroy();
    await until("several dials failed", () => link.status.attempts >= 5);
    expect(silent.sockets).toEqual([]);
    refusing = false;
    await untilUp(link);
  });
});
