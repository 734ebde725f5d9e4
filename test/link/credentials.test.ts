import type { Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { describeOnEachBroker } from "../support/brokers.js";
import { makeKit } from "../support/kit.js";
import { natsServer } from "../support/nats-server.js";
import { until } from "../support/until.js";
import { linkUp, recordedLink, untilUp } from "./support/links.js";
import { greeting, scriptedServer } from "./support/scripted-server.js";

describeOnEachBroker((broker) => {
  describe("credentials", () => {
    it("are asked for at every dial, and a refusal is reported as one of credentials (F26)", async () => {
      const server = await broker.start({ auth: { token: "right" } });
      let asked = 0;
      const credentials = () => {
        asked += 1;
        return { token: asked > 4 ? "right" : "wrong" };
      };
      const { link, seen } = await linkUp({ servers: [server.url], credentials });
      // The client closes itself for good after two of these; the link replaces it each time.
      expect(seen.failures.map(({ kind, attempt }) => [kind, attempt])).toEqual(
        [1, 2, 3, 4].map((attempt) => ["credentials", attempt]),
      );
      expect(asked).toBe(5);
      expect(link.status).toMatchObject({ state: "up", attempts: 0 });
    });

    it("whose function throws fail that dial only", async () => {
      const server = await broker.start({ auth: { token: "right" } });
      const cause = new Error("no vault");
      let ready = false;
      const credentials = () => {
        if (!ready) throw cause;
        return { token: "right" };
      };
      const { link, seen } = recordedLink({ servers: [server.url], credentials });
      await until("two failed", () => seen.failures.length >= 2);
      expect(seen.failures[1]).toMatchObject({ kind: "credentials", error: { cause } });
      ready = true;
      await untilUp(link);
    });

    it("in the URL take precedence, such as a token in front of the host", async () => {
      const server = await broker.start({ auth: { token: "p@ss word" } });
      const { seen } = await linkUp({
        servers: [`nats://p%40ss%20word@127.0.0.1:${server.port}`],
        credentials: { token: "x" },
      });
      expect(seen.failures).toEqual([]);
    });
  });
});

describe("credentials", () => {
  it("that a server refused are not sent to the servers that it announces", async () => {
    const greet = (socket: Socket) => socket.write(greeting());
    const others = [await scriptedServer(greet), await scriptedServer(greet), await scriptedServer(greet)];
    const server = await scriptedServer(
      (socket) => socket.write(greeting({ connect_urls: others.map(({ url }) => url) })),
      (socket, line) => line === "PING" && socket.end("-ERR 'Authorization Violation'\r\n"),
    );
    const { seen } = recordedLink({ servers: [server.url] });
    await until("three failed", () => seen.failures.length >= 3);
    expect(seen.failures[2]?.kind).toBe("credentials");
    expect(others.flatMap(({ sockets }) => sockets)).toEqual([]);
  });
});

describe.skipIf(!natsServer)("[needs nats-server] credentials", () => {
  const config = (pass: string) => ({ auth: { user: "service", pass } });

  it("that are rotated end the connection as lost, not stale, and the new ones bring it back (F26)", async () => {
    const server = await makeKit().nats({ on: "nats-server", config: config("old") });
    let pass = "old";
    const { link, seen } = await linkUp({ servers: [server.url], credentials: () => ({ user: "service", pass }) });
    await server.reload(config("new"));
    await until("thrown out", () => seen.downs.length === 1);
    expect(seen.downs[0]).toMatchObject({ reason: "lost", error: { name: "AuthorizationError" } });
    await until("refused for a while", () => seen.failures.length >= 3);
    expect(new Set(seen.failures.map(({ kind }) => kind))).toEqual(new Set(["credentials"]));
    pass = "new";
    await untilUp(link);
    expect(seen.downs).toHaveLength(1);
  });

  it("in the URL may be a user and a password", async () => {
    const server = await makeKit().nats({ on: "nats-server", config: config("s3cret:/") });
    const { seen } = await linkUp({ servers: [`nats://service:s3cret%3A%2F@127.0.0.1:${server.port}`] });
    expect(seen.failures).toEqual([]);
  });
});
