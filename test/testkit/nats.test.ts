import { eventually, findNatsServer, type Nats, type NatsOptions } from "@muove/testkit";
import { connect } from "@nats-io/transport-node";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { makeKit } from "../support/kit.js";
import { lives } from "../support/processes.js";
import { Peer } from "./support.js";

const kinds = [
  { on: "embedded", run: true, title: "the embedded broker" },
  { on: "nats-server", run: findNatsServer() !== undefined, title: "[needs nats-server] nats-server" },
] as const;

/** Sends a PING, and returns how many answers have come so far. */
function ping(peer: Peer): number {
  peer.socket.write("PING\r\n");
  return peer.received.split("PONG").length - 1;
}

async function greeted(nats: Nats): Promise<Peer> {
  const peer = new Peer(nats.url);
  await eventually(() => peer.received.startsWith("INFO"));
  peer.socket.write('CONNECT {"verbose":false,"protocol":1}\r\n');
  await eventually(() => ping(peer) > 0);
  return peer;
}

describe.each(kinds)("$title", ({ on, run }) => {
  describe.skipIf(!run)("", () => {
    const start = (options: Omit<Extract<NatsOptions, { on: "nats-server" }>, "on"> = {}): Promise<Nats> =>
      makeKit().nats({ on, ...options } as NatsOptions);

    it("runs in its own process and accepts connections", async () => {
      const nats = await start();
      expect(nats).toMatchObject({ on, running: true, url: `nats://127.0.0.1:${nats.port}` });
      expect(nats.pid).not.toBe(process.pid);
      await greeted(nats);
    });

    it("ends its connections and stops listening when killed, and comes back at the same address", async () => {
      const nats = await start();
      const [peer, first] = [await greeted(nats), nats.pid];
      expect(await nats.kill()).toEqual({ code: null, signal: "SIGKILL" });
      expect(lives(first)).toBe(false);
      expect(nats).toMatchObject({ running: false, pid: undefined });
      await eventually(() => peer.state === "reset" || peer.state === "ended");
      const refused = new Peer(nats.url);
      await eventually(() => refused.state === "refused");
      await nats.kill();
      await nats.start();
      await nats.start();
      await greeted(nats);
      expect(nats.pid).not.toBe(first);
    });

    it("keeps connections and is silent while stopped, and answers what came meanwhile when continued", async () => {
      const nats = await start();
      const peer = await greeted(nats);
      await nats.stop();
      const before = ping(peer);
      const fresh = new Peer(nats.url);
      await eventually(() => fresh.state === "open");
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect([ping(peer), fresh.received, peer.state]).toEqual([before, "", "open"]);
      await nats.continue();
      await eventually(() => peer.received.split("PONG").length - 1 >= before + 2 && fresh.received.startsWith("INFO"));
    });

    it("exits by itself when terminated", async () => {
      const nats = await start();
      await greeted(nats);
      expect((await nats.terminate())?.code).toBeOneOf([0, 1]); // nats-server before 2.15 ends with 1.
      await nats.terminate();
      await expect(nats.stop()).rejects.toMatchObject({ code: "MUOVE_TESTKIT_NOT_RUNNING" });
    });

    it("tells its clients of lame duck mode", async () => {
      const nats = await start();
      const peer = await greeted(nats);
      await nats.lameDuck();
      await eventually(() => peer.received.includes('"ldm":true'));
    });

    it("has an address before it is started", async () => {
      const nats = await start({ start: false });
      expect(nats).toMatchObject({ running: false, pid: undefined, output: "" });
      const refused = new Peer(nats.url);
      await eventually(() => refused.state === "refused");
      await expect(nats.stop()).rejects.toMatchObject({ code: "MUOVE_TESTKIT_NOT_RUNNING" });
      await nats.start();
      await greeted(nats);
    });

    it("takes limits and default permissions", async () => {
      const permissions = { publish: { deny: ["closed"] } };
      const nats = await start({ config: { maxPayload: 1_234, pingInterval: 50, maxPingsOut: 1, permissions } });
      const peer = new Peer(nats.url);
      await eventually(() => peer.received.includes('"max_payload":1234'));
      peer.socket.write('CONNECT {"verbose":false}\r\nPUB closed 0\r\n\r\n');
      await eventually(() => peer.received.includes("Permissions Violation"));
      await eventually(() => peer.state === "ended" || peer.state === "reset"); // It answers no PING.
    });

    it("takes users with their permissions", async () => {
      const users = [
        { user: "a", pass: "1", permissions: { subscribe: { allow: ["b"] } } },
        { user: "b", pass: "2" },
      ];
      const nats = await start({ config: { auth: { users } } });
      await expect(connect({ servers: nats.url, user: "a", pass: "2", reconnect: false })).rejects.toThrow(
        /uthorization/,
      );
      const connection = await connect({ servers: nats.url, user: "a", pass: "1", reconnect: false });
      onTestFinished(() => connection.close());
      const refused = new Promise((resolve) => {
        connection.subscribe("c", { callback: (error) => resolve(String(error)) });
      });
      expect(await refused).toMatch(/permissions violation/i);
    });

    it("keeps streams, if it is asked to", async () => {
      const said = async (jetStream: boolean) => {
        const peer = new Peer((await start({ jetStream })).url);
        await eventually(() => peer.received.startsWith("INFO"));
        return peer.received.includes('"jetstream":true');
      };
      expect(await said(true)).toBe(true);
      expect(await said(false)).toBe(false);
    });

    it("fails with its output when it cannot start", async () => {
      const { port } = await start();
      const failure = await start({ port }).catch((error) => error);
      expect(failure).toMatchObject({ name: "TestkitError", code: "MUOVE_TESTKIT_NOT_READY" });
      expect(failure.message).toMatch(/ended before it was ready[\s\S]*(address already in use|PORT_IN_USE|in use)/);
    });
  });
});

describe.skipIf(findNatsServer() === undefined)("[needs nats-server] nats-server", () => {
  it("reloads its configuration while it runs", async () => {
    const nats = await makeKit().nats({ on: "nats-server", config: { auth: { token: "old" } } });
    await nats.reload({ auth: { token: "new" } });
    await expect(connect({ servers: nats.url, token: "old", reconnect: false })).rejects.toThrow(/uthorization/);
    await (await connect({ servers: nats.url, token: "new", reconnect: false })).close();
  });

  it("takes configuration text and arguments", async () => {
    const nats = await makeKit().nats({
      on: "nats-server",
      text: "max_subscriptions: 7",
      args: ["--name", "called-so"],
    });
    const peer = new Peer(nats.url);
    await eventually(() => peer.received.includes('"server_name":"called-so"'));
  });

  it("forms a cluster that survives the loss of one server", async () => {
    const servers = await makeKit().cluster({ size: 3 });
    expect(new Set(servers.map(({ url }) => url)).size).toBe(3);
    await servers[0]?.kill();
    const connection = await connect({ servers: servers.map(({ url }) => url), reconnect: false });
    await connection.close();
  });
});

describe("an external NATS", () => {
  it("can be used, but not controlled", async () => {
    const nats = await makeKit().nats({ on: { url: "nats://127.0.0.1:4999" } });
    expect(nats).toMatchObject({ on: "url", url: "nats://127.0.0.1:4999", port: 4999, pid: undefined });
    await nats.start();
    for (const act of ["kill", "terminate", "stop", "continue", "lameDuck"] as const) {
      await expect(nats[act]()).rejects.toMatchObject({ code: "MUOVE_TESTKIT_UNSUPPORTED" });
    }
  });
});

describe("starting a NATS", () => {
  it("says what to do if no nats-server is found", async () => {
    vi.stubEnv("NATS_SERVER", "/no/such/program");
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(findNatsServer()).toBeUndefined();
    const failure = await makeKit()
      .nats({ on: "nats-server" })
      .catch((error) => error);
    expect(failure).toMatchObject({ code: "MUOVE_TESTKIT_NO_NATS_SERVER" });
    expect(failure.message).toContain("NATS_SERVER is /no/such/program");
  });

  it("names everything that is wrong with the options", async () => {
    const kit = makeKit();
    const failure = await kit.nats({ prot: 1, port: 0, text: "x" } as NatsOptions).catch((error) => error);
    expect(failure).toMatchObject({ code: "MUOVE_TESTKIT_INVALID_OPTIONS" });
    expect(failure.message).toMatch(/"prot"[\s\S]*port must be[\s\S]*"text" is not an option/);
    for (const wrong of [
      { on: "redis" },
      { on: { url: "x" } },
      { config: { maxPayload: 0 } },
      { config: { max: 1 } },
      7,
    ]) {
      await expect(kit.nats(wrong as NatsOptions)).rejects.toMatchObject({ code: "MUOVE_TESTKIT_INVALID_OPTIONS" });
    }
  });
});
