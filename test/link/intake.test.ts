import type { Socket } from "node:net";
import { describe, expect, it, vi } from "vitest";
import { describeOnEachBroker } from "../support/brokers.js";
import { until } from "../support/until.js";
import { linkUp, openLink, recordedLink, untilUp } from "./support/links.js";
import { greeting, scriptedServer } from "./support/scripted-server.js";
import { text } from "./support/text.js";

const nothing = new Uint8Array();

describeOnEachBroker((broker) => {
  describe("the link", () => {
    it("reports an error that receive throws, and goes on receiving (CONNECTION-2)", async () => {
      const log = vi.spyOn(console, "log");
      const server = await broker.start();
      const { link, seen } = await linkUp({ servers: [server.url] });
      const got: string[] = [];
      const boom = new Error("boom");
      link.subscribe("a", {
        receive: (msg) => {
          got.push(text(msg));
          if (text(msg) === "bad") throw boom;
        },
      });
      link.publish("a", Buffer.from("bad"));
      link.publish("a", Buffer.from("good"));
      expect(await link.fence()).toBe(true);
      expect(got).toEqual(["bad", "good"]);
      expect(seen.faults).toEqual([{ error: boom, subject: "a" }]);
      expect(log).not.toHaveBeenCalled();
    });

    it("survives an observer that always throws (CONNECTION-2)", async () => {
      const server = await broker.start({ permissions: { publish: { deny: ["denied"] } } });
      let told = 0;
      const tell = () => {
        told += 1;
        throw new Error("observer");
      };
      const observer = {
        up: tell,
        down: tell,
        dialFailed: tell,
        forbidden: tell,
        allowed: tell,
        lameDuck: tell,
        fault: tell,
      };
      const link = openLink({ servers: [server.url] }, observer);
      await untilUp(link);
      link.publish("denied", nothing);
      expect(await link.fence()).toBe(true);
      await server.kill();
      await until("down", () => link.status.state === "down");
      await broker.start({ port: server.port });
      await untilUp(link);
      expect(await link.fence()).toBe(true);
      expect(told).toBeGreaterThan(5);
    });

    it("drains a subscription: earlier messages come, later ones do not, and other subscriptions continue", async () => {
      const server = await broker.start();
      const { link } = await linkUp({ servers: [server.url] });
      const other = await linkUp({ servers: [server.url] });
      const got: string[] = [];
      const more: string[] = [];
      const subscription = link.subscribe("a", { queue: "q", receive: (msg) => got.push(text(msg)) });
      link.subscribe("a", { receive: (msg) => more.push(text(msg)) });
      await link.fence();
      expect(subscription.state).toBe("open");
      other.link.publish("a", Buffer.from("before"));
      expect(await other.link.fence()).toBe(true);
      const drained = subscription.drain();
      expect(subscription.drain()).toBe(drained);
      await drained;
      expect(subscription.state).toBe("closed");
      expect(got).toEqual(["before"]);
      other.link.publish("a", Buffer.from("after"));
      await other.link.fence();
      await until("the other has it", () => more.length === 2);
      expect(got).toEqual(["before"]);
    });
  });
});

/** A server that answers the PING of the handshake and lets the test answer later ones, which confirm subscriptions. */
async function slowToConfirm(onSubscribe: (socket: Socket, sid: string) => void) {
  const kept: (() => void)[] = [];
  let asked = 0;
  let keeping = false;
  const server = await scriptedServer(
    (socket) => socket.write(greeting()),
    (socket, line) => {
      const sid = /^SUB .* (\d+)$/.exec(line)?.[1];
      if (sid) onSubscribe(socket, sid);
      if (line !== "PING") return;
      const answer = () => void socket.write("PONG\r\n");
      if (keeping) kept.push(answer);
      else answer();
      if (++asked === 1) keeping = true;
    },
  );
  return {
    server,
    asked: (times = 1) => until(`asked to confirm ${times} times`, () => kept.length >= times),
    /** Answers this many; without an argument all of them, and later ones at once. */
    confirm: (times = Number.POSITIVE_INFINITY) => {
      if (times > kept.length) keeping = false;
      for (const answer of kept.splice(0, times)) answer();
    },
  };
}

describe("the link", () => {
  it("holds a message that arrives before it is up, until it can be answered (RECEIVERS-1)", async () => {
    const { server, asked, confirm } = await slowToConfirm((socket, sid) => socket.write(`MSG a ${sid} r 2\r\nhi\r\n`));
    const { link, seen } = recordedLink({ servers: [server.url] });
    const answered: boolean[] = [];
    link.subscribe("a", {
      receive: (msg) => {
        seen.log.push("received");
        answered.push(link.publish(msg.reply, msg.data));
      },
    });
    await asked();
    expect(seen.log).toEqual([]);
    confirm();
    await until("answered", () => server.received.includes("PUB r 2"));
    expect(answered).toEqual([true]);
    expect(seen.log).toEqual(["up", "received"]);
  });

  it("delivers messages to a subscription that is drained before the link is up (RECEIVERS-1)", async () => {
    const { server, asked, confirm } = await slowToConfirm(
      (socket, sid) => sid === "1" && socket.write(`MSG a ${sid} 2\r\nhi\r\n`),
    );
    const { link, seen } = recordedLink({ servers: [server.url] });
    const subscription = link.subscribe("a", { receive: (msg) => seen.log.push(text(msg)) });
    await asked(2);
    const drained = subscription.drain().then(() => seen.log.push("drained"));
    await asked(3);
    link.subscribe("b", { receive: () => {} });
    await asked(4);
    confirm(3);
    await drained;
    expect(seen.log).toEqual(["hi", "drained"]);
    confirm();
    await untilUp(link);
    expect(seen.log).toEqual(["hi", "drained", "up"]);
  });

  it("confirms a subscription made while it comes up before it is up (LINK-4)", async () => {
    const { server, asked, confirm } = await slowToConfirm(() => {});
    const { link, seen } = recordedLink({ servers: [server.url] });
    link.subscribe("a", { receive: () => {} });
    await asked(2);
    const late = link.subscribe("b", { receive: () => {} });
    seen.up = () => seen.log.push(late.state);
    await asked(3);
    confirm(2);
    await asked(2);
    expect(seen.log).toEqual([]);
    confirm();
    await until("up", () => seen.log.length === 1);
    expect(seen.log).toEqual(["open"]);
    expect(server.received).toContain("SUB b 2");
  });

  it("subscribes once for a subscription made inside an observer's callback (LINK-4)", async () => {
    const server = await scriptedServer((socket) => socket.write(greeting()));
    const { link, seen } = recordedLink({ servers: [server.url] });
    seen.up = () => link.subscribe("inside", { receive: () => {} });
    await until("subscribed", () => server.received.includes("SUB inside"));
    await link.fence();
    expect(server.received.split("SUB inside")).toHaveLength(2);
  });

  it("receives messages whole, however the network cuts them and whatever lines come between them", async () => {
    const server = await scriptedServer((socket) => socket.write(greeting()));
    const { link, seen } = await linkUp({ servers: [server.url] });
    link.subscribe("a", { receive: (msg) => seen.log.push(text(msg)) });
    await link.fence();
    const stream = `MSG a 1 5\r\nfirst\r\nPING\r\nHMSG a 1 r 12 18\r\nNATS/1.0\r\n\r\nsecond\r\n${greeting()}MSG a 1 5\r\nthird\r\n`;
    for (const piece of stream.match(/.{1,7}/gs) ?? []) {
      server.sockets[0]?.write(piece);
      await new Promise(setImmediate);
    }
    await until("all came", () => seen.log.length === 4);
    expect(seen.log).toEqual(["up", "first", "second", "third"]);
    await until("the client has answered", () => server.received.includes("PONG"));
    expect(await link.fence()).toBe(true);
  });

  it("receives nothing after it reported down (CONNECTION-1)", async () => {
    const server = await scriptedServer((socket) => socket.write(greeting()));
    const { link, seen } = await linkUp({ servers: [server.url] });
    link.subscribe("a", { receive: (msg) => seen.log.push(text(msg)) });
    await link.fence();
    const message = (text: string) => `MSG a 1 ${text.length}\r\n${text}\r\n`;
    server.sockets[0]?.write(`${message("before")}-ERR 'User Authentication Expired'\r\n${message("after")}`);
    await untilUp(link);
    await until("reported", () => seen.downs.length === 1);
    expect(seen.log.slice(0, 3)).toEqual(["up", "before", "down"]);
    expect(seen.log).not.toContain("after");
  });

  it.each([
    ["bytes that are not the protocol", "NONSENSE\r\n"],
    ["an INFO that is not JSON", "INFO {x\r\n"],
  ])("ends the connection at once over %s, and prints nothing (CONNECTION-2)", async (_, bytes) => {
    const log = vi.spyOn(console, "log");
    const server = await scriptedServer((socket) => socket.write(greeting()));
    const { link, seen } = await linkUp({ servers: [server.url] });
    server.sockets[0]?.write(bytes);
    await until("down", () => seen.downs.length === 1);
    expect(seen.downs[0]).toMatchObject({ reason: "lost", error: expect.any(Error) });
    await untilUp(link);
    expect(log).not.toHaveBeenCalled();
  });

  it("reports an error from the server as a fault, or as the reason for the loss if the server closes with it", async () => {
    const server = await scriptedServer((socket) => socket.write(greeting()));
    const { link, seen } = await linkUp({ servers: [server.url] });
    server.sockets[0]?.write("-ERR 'maximum subscriptions exceeded'\r\n");
    await until("reported", () => seen.faults.length === 1);
    expect(seen.downs).toEqual([]);
    server.sockets[0]?.end("-ERR 'Slow Consumer'\r\n");
    await until("down", () => seen.downs.length === 1);
    expect(seen.downs[0]).toMatchObject({ reason: "lost", error: { message: "Slow Consumer" } });
    await untilUp(link);
    expect(link.status.attempts).toBe(0);
  });
});
