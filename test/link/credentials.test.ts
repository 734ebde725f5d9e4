import type { Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { until } from "../support/until.js";
import { brokers } from "./support/brokers.js";
import { linkUp, recordedLink, untilUp } from "./support/links.js";
import { natsServer, startNatsServer } from "./support/nats-server.js";
import { greeting, scriptedServer } from "./support/scripted-server.js";

describe.each(brokers)("credentials, on $name", (broker) => {
  describe.skipIf(broker.missing)("", () => {
    it("wrong, then right: the function is called at every dial, and the report names the cause (F26)", async () => {
      const server = await broker.start({ token: "right" });
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

    it("a function that throws is a failed dial", async () => {
      const server = await broker.start({ token: "right" });
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

    it("in the URL: the token before the host is sent", async () => {
      const server = await broker.start({ token: "p@ss word" });
      const { seen } = await linkUp({ servers: [`nats://p%40ss%20word@${server.url}`], credentials: { token: "x" } });
      expect(seen.failures).toEqual([]);
    });
  });
});

describe("credentials", () => {
  it("refused by one server are not sent by the client to the servers that it announces", async () => {
    const greet = (socket: Socket) => socket.write(greeting());
    const others = [await scriptedServer(greet), await scriptedServer(greet), await scriptedServer(greet)];
    const server = await scriptedServer(
      (socket) => socket.write(greeting({ connect_urls: others.map(({ url }) => url) })),
      (socket, line) => line === "PING" && socket.end("-ERR 'Authorization Violation'\r\n"),
    );
    const { seen } = recordedLink({ servers: [server.url] });
    await until("three failed", () => seen.failures.length === 3);
    expect(seen.failures[2]?.kind).toBe("credentials");
    expect(others.flatMap(({ sockets }) => sockets)).toEqual([]);
  });
});

describe.skipIf(!natsServer)("[needs nats-server] credentials", () => {
  const user = (pass: string) => `authorization { users: [{ user: "service", password: "${pass}" }] }`;

  it("rotated while the link is up: it is lost, not stale, and reconnects with the new ones (F26)", async () => {
    const server = await startNatsServer(user("old"));
    let pass = "old";
    const { link, seen } = await linkUp({ servers: [server.url], credentials: () => ({ user: "service", pass }) });
    await server.reload(user("new"));
    await until("thrown out", () => seen.downs.length === 1);
    expect(seen.downs[0]).toMatchObject({ reason: "lost", error: { name: "AuthorizationError" } });
    await until("refused for a while", () => seen.failures.length >= 3);
    expect(new Set(seen.failures.map(({ kind }) => kind))).toEqual(new Set(["credentials"]));
    pass = "new";
    await untilUp(link);
    expect(seen.downs).toHaveLength(1);
  });

  it("user and password in the URL", async () => {
    const server = await startNatsServer(user("s3cret:/"));
    const { seen } = await linkUp({ servers: [`nats://service:s3cret%3A%2F@${server.url}`] });
    expect(seen.failures).toEqual([]);
  });
});
