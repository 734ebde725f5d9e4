import { spawnSync } from "node:child_process";
import type { Socket } from "node:net";
import { setImmediate, setTimeout as sleep } from "node:timers/promises";
import { credsAuthenticator, nkeys } from "@nats-io/nats-core";
import type { Credentials } from "muove";
import { describe, expect, it } from "vitest";
import { describeOnEachBroker } from "../support/brokers.js";
import { makeKit } from "../support/kit.js";
import { Callout } from "../support/logins/callout.js";
import { newUser, Operator, publicKey } from "../support/logins/jwt.js";
import { TemporaryFolder } from "../support/logins/temporary-folder.js";
import { natsServer, natsServerSince, withServerSince } from "../support/nats-server.js";
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

    it("may come later, from an asynchronous function", async () => {
      const server = await broker.start({ auth: { token: "right" } });
      const credentials = async () => {
        await setImmediate();
        return { token: "right" };
      };
      const { seen } = await linkUp({ servers: [server.url], credentials });
      expect(seen.failures).toEqual([]);
    });

    it("that a function does not give are never left out: the dial fails, though the server asks for none", async () => {
      const server = await broker.start();
      for (const provide of providers) {
        const { link, seen } = recordedLink({ servers: [server.url], credentials: provide as never, dialTimeout: 100 });
        await until("it failed", () => seen.failures.length > 0);
        const [failure] = seen.failures;
        expect([failure?.kind, failure?.error.name]).toEqual(["credentials", "CredentialsError"]);
        expect(JSON.stringify([told(failure?.error), told(link.status.lastError)])).not.toContain("s3cret");
        expect(seen.ups).toEqual([]);
        await link.close();
      }
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

/** Functions that give no credentials, each in another way. */
const providers: readonly (() => unknown)[] = [
  ...[
    ...[
      undefined,
      null,
      7,
      "s3cret",
      ["s3cret"],
      {},
      { token: "" },
      { token: 7 },
      { user: "s3cret" },
      { pass: "s3cret" },
    ],
    ...[{ user: "", pass: "s3cret" }, { password: "s3cret" }, { user: "u", pass: "s3cret", token: "s3cret" }],
    ...[{ nkeySeed: "s3cret" }, { creds: "s3cret" }, { jwt: "s3cret" }, { jwt: "a.s3cret.c", nkeySeed: "s3cret" }],
    { credsFile: "/nowhere/service.creds" },
  ].flatMap((value) => [() => value, async () => value]),
  () => {
    throw "s3cret";
  },
  () => Promise.reject(new Error("no vault")),
  () => Promise.reject(undefined),
  () => new Promise(() => {}),
];

/** Everything that a log could tell of an error. */
const told = (error: Error | undefined): unknown =>
  error && [error.name, error.message, error.stack, error.cause && told(error.cause as Error)];

describe("credentials", () => {
  it("are all that a function can give to the client: not the other options of it", async () => {
    const server = await scriptedServer((socket) => socket.write(greeting()));
    const more = {
      servers: ["nats://127.0.0.1:1"],
      name: "another",
      noEcho: true,
      authenticator: () => ({ jwt: "x" }),
    };
    await linkUp({ servers: [server.url], credentials: () => ({ token: "right", ...more }) as never });
    const sent = JSON.parse(/CONNECT (.*)\r\n/.exec(server.received)?.[1] ?? "");
    expect(sent).toMatchObject({ auth_token: "right", name: "test" });
    expect(sent).not.toMatchObject({ jwt: "x" });
    expect(sent.echo).not.toBe(false);
  });

  it("that never come fail the dial in its time, and their function is told", async () => {
    const signals: AbortSignal[] = [];
    const credentials = ({ signal }: { signal: AbortSignal }) => {
      signals.push(signal);
      return new Promise<never>(() => {});
    };
    const server = await scriptedServer(() => {});
    const { seen } = recordedLink({ servers: [server.url], credentials, dialTimeout: 50 });
    await until("two failed", () => seen.failures.length >= 2);
    expect(seen.failures[1]).toMatchObject({ kind: "credentials", error: { message: /did not come within 50 ms/ } });
    expect(signals.slice(0, 2).map(({ aborted }) => aborted)).toEqual([true, true]);
    expect(server.sockets).toEqual([]);
  });

  it("that come too late open no connection", async () => {
    const givers: ((credentials: { token: string }) => void)[] = [];
    const credentials = () => new Promise<{ token: string }>((resolve) => givers.push(resolve));
    const server = await scriptedServer((socket) => socket.write(greeting()));
    const { link, seen } = recordedLink({ servers: [server.url], credentials, dialTimeout: 50 });
    await until("it failed", () => seen.failures.length >= 1);
    const closing = link.close();
    for (const give of givers) give({ token: "late" });
    await closing;
    await setImmediate();
    expect(server.sockets).toEqual([]);
  });

  it("that are still awaited do not hold up close()", async () => {
    let [asked, aborted] = [false, false];
    const credentials = ({ signal }: { signal: AbortSignal }) => {
      asked = true;
      return new Promise<never>(() => signal.addEventListener("abort", () => (aborted = true)));
    };
    const { link } = recordedLink({ servers: ["127.0.0.1:1"], credentials, dialTimeout: 60_000 });
    await until("asked", () => asked);
    const begin = performance.now();
    await link.close();
    expect(performance.now() - begin).toBeLessThan(1_000);
    expect(aborted).toBe(true);
  });

  it("whose file is none, such as a pipe that nobody writes to, fail the dial at once", async () => {
    const folder = new TemporaryFolder();
    expect(spawnSync("mkfifo", [folder.file("pipe")]).status).toBe(0);
    for (const credsFile of [folder.path, folder.file("pipe")]) {
      const { seen } = recordedLink({ servers: ["127.0.0.1:1"], credentials: { credsFile } });
      await until("it failed", () => seen.failures.length > 0);
      expect(seen.failures[0]).toMatchObject({
        kind: "credentials",
        error: { cause: { message: `${credsFile} is not a file` } },
      });
    }
  });

  it.each(["User Authentication Expired", "User Authentication Revoked", "Authorization Violation"])(
    "that end before the subscriptions are confirmed are told as such: %s",
    async (error) => {
      const refusal = `-ERR '${error}'\r\n`;
      const pings = new Map<Socket, number>();
      const answer = (socket: Socket, together: boolean) => {
        const count = (pings.get(socket) ?? 0) + 1;
        pings.set(socket, count);
        if (count === 1 && !together) socket.write("PONG\r\n");
        else socket.end(count === 1 ? `PONG\r\n${refusal}` : refusal);
      };
      for (const together of [false, true]) {
        const server = await scriptedServer(
          (socket) => socket.write(greeting()),
          (socket, line) => line === "PING" && answer(socket, together),
        );
        const { seen } = recordedLink({ servers: [server.url] });
        await until("it failed", () => seen.failures.length > 0);
        expect(seen.failures[0]?.kind).toBe("credentials");
        expect(seen.failures[0]?.error.message).toContain(error);
      }
    },
  );

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

const callouts = [2, 10] as const;
const hasCallouts = natsServerSince(callouts) !== undefined;

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

  it.each(["NKey", "operator mode"])(
    "of each form let a client in, whatever white space is around: %s",
    async (mode) => {
      const account = nkeys.createAccount();
      const { keys, jwt, seed, creds } = newUser(account);
      const nkey = `authorization: { users: [{ nkey: ${publicKey(keys)} }] }`;
      const text = mode === "NKey" ? nkey : new Operator().configuration(account);
      const server = await makeKit().nats({ on: "nats-server", text });
      const credsFile = new TemporaryFolder().write("service.creds", creds);
      const { jwt: bearer } = newUser(account, { bearer: true });
      const forms: readonly Credentials[] =
        mode === "NKey"
          ? [{ nkeySeed: seed }, { nkeySeed: `${seed}\n` }]
          : [
              ...[{ credsFile }, { creds }, { creds: creds.trim() }, { creds: creds.replaceAll("\n", "\r\n") }],
              ...[{ jwt, nkeySeed: seed }, { jwt: `${jwt}\n`, nkeySeed: `${seed}\r\n` }, { jwt: bearer }],
            ];
      for (const credentials of forms) {
        const { link, seen } = await linkUp({ servers: [server.url], credentials });
        expect(seen.failures).toEqual([]);
        await link.close();
      }
      const stranger = newUser(nkeys.createAccount());
      const credentials = mode === "NKey" ? { nkeySeed: stranger.seed } : { creds: stranger.creds };
      const { seen } = recordedLink({ servers: [server.url], credentials });
      await until("a stranger is refused", () => seen.failures.length > 0);
      expect(seen.failures[0]).toMatchObject({ kind: "credentials", error: { name: "AuthorizationError" } });
    },
  );

  it("in a creds file are read again at every dial: a file that is missing or wrong is told, and heals", async () => {
    const account = nkeys.createAccount();
    const server = await makeKit().nats({ on: "nats-server", text: new Operator().configuration(account) });
    const folder = new TemporaryFolder();
    const credsFile = folder.file("service.creds");
    const { seen, link } = recordedLink({ servers: [server.url], credentials: { credsFile } });
    const fails = async (message: string) => {
      const before = seen.failures.length;
      await until(message, () => seen.failures.slice(before).some(({ error }) => error.message.includes(message)));
      expect(seen.failures.at(-1)?.kind).toBe("credentials");
    };
    await fails(`cannot read the credsFile ${credsFile}`);
    folder.write("service.creds", "s3cret");
    await fails(`${credsFile} is not a creds file`);
    folder.write("service.creds", newUser(account).creds.slice(0, -150)); // Half of it is written.
    await fails(`${credsFile} is not a creds file`);
    folder.write("service.creds", newUser(account).creds);
    await untilUp(link);
    expect(JSON.stringify(seen.failures.map(({ error }) => told(error)))).not.toContain("s3cret");
  });

  it("that expire end the connection, and a new creds file brings it back (F26)", async () => {
    const account = nkeys.createAccount();
    const server = await makeKit().nats({ on: "nats-server", text: new Operator().configuration(account) });
    const folder = new TemporaryFolder();
    const credsFile = folder.write("service.creds", newUser(account, { lifetime: 2 }).creds);
    const { link, seen } = await linkUp({ servers: [server.url], credentials: { credsFile } });
    await until("expired", () => seen.downs.length === 1);
    expect(seen.downs[0]).toMatchObject({ reason: "lost", error: { name: "UserAuthenticationExpiredError" } });
    await until("refused for a while", () => seen.failures.length >= 3);
    expect(new Set(seen.failures.map(({ kind }) => kind))).toEqual(new Set(["credentials"]));
    folder.write("service.creds", newUser(account).creds);
    await untilUp(link);
    expect(seen.downs).toHaveLength(1);
  });

  it("that are revoked end the connection as one of credentials, and others bring it back (F26)", async () => {
    const account = nkeys.createAccount();
    const operator = new Operator();
    const folder = new TemporaryFolder();
    folder.write("auth.conf", operator.configuration(account));
    const server = await makeKit().nats({ on: "nats-server", text: folder.included("auth.conf") });
    const { keys, creds } = newUser(account);
    const credsFile = folder.write("service.creds", creds);
    const { link, seen } = await linkUp({ servers: [server.url], credentials: { credsFile } });
    const revocations = { [publicKey(keys)]: Math.floor(Date.now() / 1_000) + 1 };
    folder.write("auth.conf", operator.configuration(account, { revocations }));
    await server.reload({});
    await until("thrown out", () => seen.downs.length === 1);
    expect(seen.downs[0]?.error?.message).toMatch(/revoked|Authorization Violation/i);
    await until("refused for a while", () => seen.failures.length >= 3);
    expect(new Set(seen.failures.map(({ kind }) => kind))).toEqual(new Set(["credentials"]));
    folder.write("service.creds", newUser(account).creds);
    await untilUp(link);
  });

  it.skipIf(!hasCallouts)(
    "[needs nats-server 2.10 or later] may be two at once for an auth callout in operator mode: the sentinel's creds, and a password",
    () =>
      withServerSince(callouts, async () => {
        const account = nkeys.createAccount();
        const service = newUser(account);
        const authorization = { auth_users: [publicKey(service.keys)], allowed_accounts: ["*"] };
        const text = new Operator().configuration(account, { authorization });
        const server = await makeKit().nats({ on: "nats-server", text });
        const callout = new Callout(account);
        callout.admits = ({ user, pass }) => user === "service" && pass === "right";
        callout.serve(server.url, { authenticator: credsAuthenticator(Buffer.from(service.creds)) });
        const sentinel = newUser(account, { denied: { publish: [">"], subscribe: [">"] } });
        const credentials = { creds: sentinel.creds, user: "service", pass: "right" };
        const { link } = await linkUp({ servers: [server.url], credentials });
        link.subscribe("a", { receive: () => {} });
        expect(await link.fence()).toBe(true);
        const { seen } = recordedLink({ servers: [server.url], credentials: { ...credentials, pass: "wrong" } });
        await until("refused", () => seen.failures.some(({ kind }) => kind === "credentials"));
        expect(seen.ups).toEqual([]);
      }),
  );

  // It took 2.5 s, which was longer than any dial: nobody ever came in.
  it.skipIf(!hasCallouts)(
    "[needs nats-server 2.10 or later] are waited for as long as a slow auth callout takes",
    { timeout: 30_000 },
    () =>
      withServerSince(callouts, async () => {
        const callout = new Callout();
        const text = `authorization { timeout: 10, ${callout.configuration} }`;
        const server = await makeKit().nats({ on: "nats-server", text });
        callout.admits = async () => {
          await sleep(2_500);
          return true;
        };
        callout.serve(server.url);
        const { link, seen } = recordedLink({ servers: [server.url], credentials: { user: "service", pass: "right" } });
        await until("it is in", () => seen.ups.length > 0, 20_000);
        expect(link.status.state).toBe("up");
      }),
  );
});
