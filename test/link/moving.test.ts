import { startBroker } from "@muove/broker";
import { describe, expect, it, onTestFinished } from "vitest";
import type { NatsMessage } from "../../packages/muove/src/link/index.js";
import { makeKit } from "../support/kit.js";
import { natsServer } from "../support/nats-server.js";
import { until } from "../support/until.js";
import { addressOf, linkUp, untilUp } from "./support/links.js";
import { greeting, pong, scriptedServer } from "./support/scripted-server.js";
import { text } from "./support/text.js";

const nothing = new Uint8Array();
/** It ends by itself after the grace period if all have left, which takes 3 s. */
const unhurried = { lameDuckGracePeriod: 5_000, lameDuckDuration: 30_000 };

describe.skipIf(!natsServer)("[needs nats-server] the link", () => {
  it("leaves a lame duck before it is cut: no call fails, and the link never goes down (F28)", async () => {
    const [leaving, staying] = await makeKit().cluster({ size: 2, config: unhurried });
    if (!leaving || !staying) throw new Error("no cluster");
    const service = await linkUp({ servers: [leaving.url] });
    const caller = await linkUp({ servers: [staying.url] });
    const answers = new Map<string, number>();
    service.link.subscribe("work", {
      queue: "q",
      receive: (msg) => service.link.publish(msg.reply, msg.data),
    });
    caller.link.subscribe("inbox", {
      receive: (msg) => answers.set(msg.headers ? "failed" : text(msg), 1),
    });
    await service.link.fence();
    let calls = 0;
    const call = () => caller.link.publish("work", Buffer.from(`${calls++}`), { reply: "inbox" });
    await until("the cluster knows of the service", () => call() && answers.has(`${calls - 100}`));
    calls = 0;
    answers.clear();
    const load = setInterval(call);
    onTestFinished(() => clearInterval(load));
    await leaving.lameDuck();
    await until("moved", () => service.seen.ups.length === 2);
    expect(service.seen.ups.at(1)).toBe(addressOf(staying));
    await until("the lame duck has ended, as nobody is left", () => !leaving.running);
    const after = calls;
    await until("calls after the cut", () => calls > after + 100);
    clearInterval(load);
    await until("all answered", () => answers.size >= calls);
    expect(answers.has("failed")).toBe(false);
    expect(service.seen.log).toEqual(["up", "lameDuck", "up"]);
    expect(service.seen.lameDucks).toEqual([addressOf(leaving)]);
  });

  it("delivers every message exactly once to a subscription without a queue group (LINK-6)", async () => {
    const [leaving, staying] = await makeKit().cluster({ size: 2, config: unhurried });
    if (!leaving || !staying) throw new Error("no cluster");
    const listener = await linkUp({ servers: [leaving.url] });
    const { link } = await linkUp({ servers: [staying.url] });
    const got: number[] = [];
    listener.link.subscribe("news", { receive: (msg) => got.push(Number(text(msg))) });
    await listener.link.fence();
    let count = 0;
    const tell = () => link.publish("news", Buffer.from(`${count}`), { reply: `inbox.${count++}` });
    await until("the cluster knows of the listener", () => tell() && got.length > 0);
    const first = Math.min(...got);
    const load = setInterval(tell);
    onTestFinished(() => clearInterval(load));
    await leaving.lameDuck();
    await until("moved", () => listener.seen.ups.length === 2);
    await until("the lame duck has ended, as nobody is left", () => !leaving.running);
    clearInterval(load);
    await until("all came", () => got.length >= count - first);
    const all = Array.from({ length: count - first }, (_, i) => first + i);
    expect(got.sort((a, b) => a - b)).toEqual(all); // Messages that come through the two servers may overtake each other.
  });

  it("goes on to servers known by gossip when the configured ones are gone", async () => {
    const servers = await makeKit().cluster({ size: 3 });
    const first = servers[0];
    if (!first) throw new Error("no cluster");
    const { link, seen } = await linkUp({ servers: [first.url] });
    const got: string[] = [];
    link.subscribe("a", { receive: (msg) => got.push(msg.subject) });
    await link.fence();
    await first.kill();
    await until("down", () => seen.downs.length === 1);
    await untilUp(link);
    expect(servers.slice(1).map(addressOf)).toContain(link.status.server);
    link.publish("a", nothing);
    await link.fence();
    expect(got).toEqual(["a"]);
  });
});

describe("the link", () => {
  it("uses the old connection until it is cut, if there is no other server", async () => {
    const broker = await startBroker({ port: 0, lameDuckGracePeriod: 400, lameDuckDuration: 500 });
    onTestFinished(() => broker.close());
    const { link, seen } = await linkUp({ servers: [broker.url] });
    const left = broker.lameDuck();
    await until("two moves failed", () => seen.failures.length >= 2);
    expect(link.status.state).toBe("up");
    expect(link.publish("a", nothing)).toBe(true);
    expect(await link.fence()).toBe(true);
    expect(seen.downs).toEqual([]);
    await left;
    await until("cut", () => seen.downs.length === 1);
    expect(seen.lameDucks).toHaveLength(1);
  });

  it("does not move to another lame duck", async () => {
    const old = await scriptedServer((socket) => (old.sockets.length > 1 ? socket.end() : socket.write(greeting())));
    let leaving = true;
    const next = await scriptedServer((socket) => socket.write(greeting({ ldm: leaving })));
    const { link, seen } = await linkUp({ servers: [old.url] });
    old.sockets[0]?.write(greeting({ ldm: true, connect_urls: [next.url] }));
    await until("it was tried twice", () => next.sockets.length >= 2);
    expect(link.status.server).toBe(old.url);
    expect(seen.failures.map(({ error }) => error.message)).toContain(`${next.url} is in lame duck mode`);
    leaving = false;
    await until("moved", () => link.status.server === next.url);
    expect(seen.downs).toEqual([]);
  });

  it("uses a lame duck if there is nothing else, reports it, and moves on", async () => {
    let leaving = true;
    const server = await scriptedServer((socket) => socket.write(greeting({ ldm: leaving })));
    const { link, seen } = await linkUp({ servers: [server.url] });
    expect(seen.lameDucks).toEqual([server.url]);
    leaving = false;
    await until("moved", () => seen.ups.length === 2);
    expect(link.publish("a", nothing)).toBe(true);
    expect(seen.downs).toEqual([]);
  });

  it("fences messages published before the move on the old connection, too", async () => {
    let mute = false;
    const old = await scriptedServer(
      (socket) => socket.write(greeting()),
      (socket, line) => mute || pong(socket, line),
    );
    const next = await scriptedServer((socket) => socket.write(greeting()));
    const { link, seen } = await linkUp({ servers: [old.url] });
    mute = true;
    link.publish("a", nothing);
    old.sockets[0]?.write(greeting({ ldm: true, connect_urls: [next.url] }));
    await until("moved", () => seen.ups.length === 2);
    const fence = link.fence();
    old.sockets[0]?.destroy();
    expect(await fence).toBe(false);
    // The old server never confirmed what it got, so the link reports down (LINK-3).
    expect(seen.log).toEqual(["up", "lameDuck", "up", "down", "up"]);
    expect(link.status).toMatchObject({ state: "up", server: next.url });
    expect(await link.fence()).toBe(true);
  });

  it("drains subscriptions on the old connection, while they are open on the new one", async () => {
    const old = await scriptedServer((socket) => socket.write(greeting()));
    const next = await scriptedServer((socket) => socket.write(greeting()));
    const { link, seen } = await linkUp({ servers: [old.url] });
    const got: string[] = [];
    const subscription = link.subscribe("a", { receive: (msg) => got.push(text(msg)) });
    await link.fence();
    old.sockets[0]?.write(greeting({ ldm: true, connect_urls: [next.url] }));
    await until("moved", () => seen.ups.length === 2);
    expect(subscription.state).toBe("open");
    expect(next.received).toContain("SUB a 1");
    old.sockets[0]?.write("MSG a 1 4\r\nlate\r\n");
    await until("the old one still delivers", () => got.length === 1);
    await until("drained", () => old.received.includes("UNSUB 1\r\nPING"));
    await until("closed", () => old.sockets[0]?.destroyed === true);
    expect(seen.log).toEqual(["up", "lameDuck", "up"]);
  });

  it("delivers a message that comes by both connections once to a subscription without a queue group (LINK-6)", async () => {
    const old = await scriptedServer((socket) => socket.write(greeting()));
    const next = await scriptedServer((socket) => socket.write(greeting()));
    const { link, seen } = await linkUp({ servers: [old.url] });
    const got: string[] = [];
    const take = (name: string) => ({ receive: (msg: NatsMessage) => got.push(`${name} ${text(msg)}`) });
    link.subscribe("a", take("alone"));
    link.subscribe("a", take("too"));
    link.subscribe("a", { queue: "q", ...take("shared") });
    await link.fence();
    old.sockets[0]?.write(greeting({ ldm: true, connect_urls: [next.url] }));
    await until("moved", () => seen.ups.length === 2);
    const say = (reply: string, said: string): string =>
      [1, 2, 3].map((sid) => `MSG a ${sid} ${reply}${said.length}\r\n${said}\r\n`).join("");
    next.sockets[0]?.write(`${say("r.1 ", "one")}${say("", "free")}`);
    await until("it came", () => got.length === 6);
    old.sockets[0]?.write(`${say("r.1 ", "one")}${say("", "free")}${say("r.2 ", "two")}`);
    await until("the old one has delivered", () => got.filter((it) => it.endsWith("two")).length === 3);
    expect(got.filter((it) => it.endsWith("one")).sort()).toEqual(["alone one", "shared one", "shared one", "too one"]);
    expect(got.filter((it) => it === "alone free")).toHaveLength(2); // Nothing tells these two apart.
  });

  it("drops a copy that comes by the new server when the old one is long gone (LINK-6)", async () => {
    const { old, next, link, got, leave } = await moving();
    link.subscribe("a", { receive: (msg) => got.push(text(msg)) });
    await link.fence();
    await leave();
    old.sockets[0]?.write("MSG a 1 r.1 3\r\none\r\n");
    await until("closed", () => old.sockets[0]?.destroyed === true);
    next.sockets[0]?.write("MSG a 1 r.1 3\r\none\r\nMSG a 1 r.2 3\r\ntwo\r\n");
    await until("the new one has delivered", () => got.includes("two"));
    expect(got).toEqual(["one", "two"]);
  });

  it("drops a copy of what it had heard before it was subscribed on the new server (ECHOES-2)", async () => {
    const { old, next, link, got, leave } = await moving((socket, line) => {
      if (line.startsWith("SUB a")) socket.write("MSG a 1 r.1 3\r\none\r\n"); // Was on its way to another subscriber.
      pong(socket, line);
    });
    link.subscribe("a", { receive: (msg) => got.push(text(msg)) });
    await link.fence();
    const left = leave();
    await until("the new server is dialled", () => next.sockets.length === 1);
    const dialled = performance.now();
    old.sockets[0]?.write("MSG a 1 r.1 3\r\none\r\n");
    await until("it is subscribed there", () => next.received.includes("SUB a"));
    expect(performance.now() - dialled).toBeGreaterThan(900); // Longer than the copy can have been on its way.
    await left;
    expect(got).toEqual(["one"]);
  });

  it("moves at once when the old connection ends meanwhile", async () => {
    const { old, next, seen } = await moving();
    old.sockets[0]?.write(greeting({ ldm: true, connect_urls: [next.url] }));
    await until("the new server is dialled", () => next.received.includes("CONNECT"));
    const cut = performance.now();
    old.sockets[0]?.destroy();
    await until("moved", () => seen.ups.length === 2);
    expect(performance.now() - cut).toBeLessThan(500);
    expect(seen.log).toEqual(["up", "lameDuck", "down", "up"]);
  });

  it("answers on the connection that brought the request, for as long as an answer is due (LINK-2)", async () => {
    const { old, next, link, seen, leave } = await moving();
    const requests: NatsMessage[] = [];
    link.subscribe("a", { queue: "q", receive: (msg) => requests.push(msg) });
    await link.fence();
    old.sockets[0]?.write("MSG a 1 r.1 3\r\none\r\n");
    await until("it has come", () => requests.length === 1);
    seen.owing = true;
    await leave();
    await until("drained", () => old.received.includes("UNSUB 1\r\nPING"));
    await until("it was asked, more than once", () => seen.asked > 1);
    expect(requests[0]?.origin.publish("r.1", Buffer.from("answer"), {})).toBe(true);
    await until("it went out there", () => old.received.includes("PUB r.1 6"));
    expect(next.received).not.toContain("PUB");
    seen.owing = false;
    await until("closed", () => old.sockets[0]?.destroyed === true);
    expect(requests[0]?.origin.publish("r.1", Buffer.from("late"), {})).toBe(false);
    expect(seen.log).toEqual(["up", "lameDuck", "up"]);
  });
});

/** A link on a server that it can be made to leave for another one. */
async function moving(script: Parameters<typeof scriptedServer>[1] = pong) {
  const old = await scriptedServer((socket) => socket.write(greeting()));
  const next = await scriptedServer((socket) => socket.write(greeting()), script);
  const { link, seen } = await linkUp({ servers: [old.url] });
  const leave = async (): Promise<void> => {
    old.sockets[0]?.write(greeting({ ldm: true, connect_urls: [next.url] }));
    await until("moved", () => seen.ups.length === 2);
  };
  const got: string[] = [];
  return { old, next, link, seen, got, leave };
}
