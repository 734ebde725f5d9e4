import type { NatsConfig } from "@muove/testkit";
import { describe, expect, it } from "vitest";
import { makeKit } from "../support/kit.js";
import { natsServer } from "../support/nats-server.js";
import { until } from "../support/until.js";
import { linkUp } from "./support/links.js";
import { greeting, pong, scriptedServer } from "./support/scripted-server.js";

const receive = () => {};
const nothing = new Uint8Array();

const denying = (...deny: string[]): NatsConfig => ({ permissions: { subscribe: { deny } } });

/** The account of everybody, whose connections may have so many subscriptions. */
const limited = (most: number): string => `
accounts: { A: { users: [{ user: a, password: a }], limits: { max_subscriptions: ${most} } } }
no_auth_user: a`;

const server = (options: { readonly config?: NatsConfig; readonly text?: string }) =>
  makeKit().nats({ on: "nats-server", ...options });

describe("at a limit of subscriptions that names none of them, the link", () => {
  it("finds out which ones a server refuses (ATTACHMENTS-1)", async () => {
    // It takes every other SUB, in whatever order they come.
    const scripted = await scriptedServer(
      (socket) => void socket.write(greeting()),
      (socket, line) => {
        pong(socket, line);
        const [, id] = /^SUB .* (\d+)$/.exec(line) ?? [];
        if (Number(id) % 2 === 0) socket.write("-ERR 'maximum subscriptions exceeded'\r\n");
      },
    );
    const { link, seen } = await linkUp({ servers: [scripted.url] });
    const all = ["a", "b", "c", "d"].map((subject) => link.subscribe(subject, { receive }));
    await link.fence();
    expect(all.map(({ state }) => state)).toEqual(["open", "forbidden", "open", "forbidden"]);
    expect(all.map(({ refusal }) => refusal)).toEqual([undefined, "limit", undefined, "limit"]);
    expect(seen.violations).toEqual([
      { operation: "subscribe", subject: "b", reason: "limit" },
      { operation: "subscribe", subject: "d", reason: "limit" },
    ]);
    expect(seen.faults).toEqual([]);
  });

  it("reports a limit that is about none of them as a fault", async () => {
    const scripted = await scriptedServer((socket) => void socket.write(greeting()));
    const { link, seen } = await linkUp({ servers: [scripted.url] });
    const subscription = link.subscribe("a", { receive });
    await link.fence();
    scripted.sockets[0]?.write("-ERR 'maximum subscriptions exceeded'\r\n");
    await until("reported", () => seen.faults.length === 1);
    expect(subscription.state).toBe("open");
  });

  it("is not disturbed when a server takes away what was drained", async () => {
    const scripted = await scriptedServer((socket) => void socket.write(greeting()));
    const { link, seen } = await linkUp({ servers: [scripted.url] });
    const [drained, kept] = [link.subscribe("a", { receive }), link.subscribe("a", { receive })];
    await drained.drain();
    scripted.sockets[0]?.write(`-ERR 'Permissions Violation for Subscription to "a" (sid "1")'\r\n`);
    await link.fence();
    expect(kept.state).toBe("open");
    expect(seen.log).toEqual(["up"]);
  });
});

describe.skipIf(!natsServer)("[needs nats-server] with a limit of subscriptions, the link", () => {
  it("knows the refused ones, also when it comes up, and opens them when the limit is raised", async () => {
    const nats = await server({ text: limited(2) });
    const { link, seen } = await linkUp({ servers: [nats.url] });
    const got: string[] = [];
    const all = ["a", "b", "c", "d"].map((subject, i) =>
      link.subscribe(subject, { receive: (msg) => got.push(msg.subject), ...(i % 2 === 1 && { queue: "q" }) }),
    );
    await link.fence();
    expect(all.map(({ state }) => state)).toEqual(["open", "open", "forbidden", "forbidden"]);
    await nats.reload({}, limited(10));
    await until("open", () => all.every(({ state }) => state === "open"));
    for (const { subject } of all) link.publish(subject, nothing);
    await link.fence();
    expect(got).toEqual(["a", "b", "c", "d"]);
    expect(seen.log).toEqual(["up", "forbidden", "forbidden", "allowed", "allowed"]);
  });

  it("opens a refused one when another one makes room", async () => {
    const nats = await server({ config: {}, text: "max_subscriptions: 2" });
    const { link } = await linkUp({ servers: [nats.url] });
    const [a, b, c] = ["a", "b", "c"].map((subject) => link.subscribe(subject, { receive }));
    await link.fence();
    expect([a?.state, b?.state, c?.state]).toEqual(["open", "open", "forbidden"]);
    await a?.drain();
    await until("open", () => c?.state === "open");
  });

  it("comes back with the ones that a lowered limit leaves it", async () => {
    const nats = await server({ text: limited(10) });
    const { link, seen } = await linkUp({ servers: [nats.url] });
    const all = ["a", "b", "c"].map((subject) => link.subscribe(subject, { receive }));
    await link.fence();
    await nats.reload({}, limited(2));
    await until("back", () => seen.ups.length === 2);
    expect(all.map(({ state }) => state)).toEqual(["open", "open", "forbidden"]);
    expect(seen.downs[0]?.error?.message).toBe("maximum subscriptions exceeded");
  });
});

describe.skipIf(!natsServer)("[needs nats-server] when permissions change, the link", () => {
  it("knows each subscription that is taken away, and opens it when it is given back (F25, ATTACHMENTS-2)", async () => {
    const nats = await server({ config: denying() });
    const { link, seen } = await linkUp({ servers: [nats.url] });
    const got: string[] = [];
    const subscribe = (subject: string, queue?: string) =>
      link.subscribe(subject, {
        receive: (msg) => got.push(`${msg.subject} ${queue}`),
        ...(queue !== undefined && { queue }),
      });
    const taken = [subscribe("a"), subscribe("a", "q"), subscribe("a", "r"), subscribe("b.*"), subscribe('c"d')];
    const kept = subscribe("e", "q");
    await link.fence();
    expect(taken.map(({ state }) => state)).toEqual(taken.map(() => "open"));

    await nats.reload(denying("a", "b.>", 'c"d'));
    await until("taken away", () => taken.every(({ state }) => state === "forbidden"));
    expect(kept.state).toBe("open");
    expect(seen.violations).toHaveLength(taken.length);
    expect(seen.violations).toContainEqual({
      operation: "subscribe",
      subject: "a",
      queue: "r",
      reason: "permissions",
    });

    await nats.reload(denying());
    await until("given back", () => taken.every(({ state }) => state === "open"));
    link.publish("a", nothing);
    link.publish("b.c", nothing);
    await link.fence();
    expect(got.sort()).toEqual(["a q", "a r", "a undefined", "b.c undefined"]);
    expect(seen.log.filter((event) => event === "allowed")).toHaveLength(taken.length);
    expect(seen.faults).toEqual([]);
  });

  it("knows which ones of several on the same subject are taken away", async () => {
    const nats = await server({ config: denying() });
    const { link } = await linkUp({ servers: [nats.url] });
    const [plain, q, r] = [undefined, "q", "r"].map((queue) =>
      link.subscribe("a", { receive, ...(queue !== undefined && { queue }) }),
    );
    await link.fence();
    await nats.reload({ permissions: { subscribe: { allow: ["a q"] } } });
    await until("taken away", () => r?.state === "forbidden" && plain?.state === "forbidden");
    await link.fence();
    expect(q?.state).toBe("open");
  });

  it("reports a refusal once, however often it tries (ATTACHMENTS-4)", async () => {
    const nats = await server({ config: denying("a") });
    const proxy = await makeKit().proxy(nats.url);
    const { link, seen } = await linkUp({ servers: [proxy.url] });
    const subscription = link.subscribe("a", { receive });
    await link.fence();
    proxy.cut();
    await until("back", () => seen.ups.length === 2);
    await until("tried again", () => nats.output.split(/Subscription Violation/).length > 4);
    expect(subscription.state).toBe("forbidden");
    expect(seen.violations).toHaveLength(1);
    expect(seen.allowances).toEqual([]);
  });

  it("does not try a drained subscription again", async () => {
    const nats = await server({ config: denying("a") });
    const { link, seen } = await linkUp({ servers: [nats.url] });
    const [drained, kept] = [link.subscribe("a", { receive }), link.subscribe("a", { receive })];
    await link.fence();
    await drained.drain();
    await nats.reload(denying());
    await until("open", () => kept.state === "open");
    expect(seen.allowances).toEqual(["a"]);
    expect(drained.state).toBe("closed");
  });

  it("publishes again what was refused for a while (F25)", async () => {
    const nats = await server({ config: { permissions: { publish: { deny: ["a"] } } } });
    const { link, seen } = await linkUp({ servers: [nats.url] });
    const got: string[] = [];
    link.subscribe("a", { receive: (msg) => got.push(msg.subject) });
    link.publish("a", nothing);
    await link.fence();
    expect(seen.violations).toEqual([{ operation: "publish", subject: "a", reason: "permissions" }]);
    await nats.reload({ permissions: {} });
    link.publish("a", nothing);
    await link.fence();
    expect(got).toEqual(["a"]);
  });

  it("comes back with a lower size limit that is given by reload (F12)", async () => {
    const nats = await server({ config: { maxPayload: 1_000 } });
    const { link, seen } = await linkUp({ servers: [nats.url] });
    await nats.reload({ maxPayload: 100 });
    expect(link.publish("a", new Uint8Array(500))).toBe(true); // The server has not told the new limit.
    expect(await link.fence()).toBe(false);
    await until("back", () => seen.ups.length === 2);
    expect(link.maxPayload).toBe(100);
    expect(link.publish("a", new Uint8Array(500))).toBe(false);
  });
});
