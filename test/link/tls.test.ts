import { spawnSync } from "node:child_process";
import { setImmediate } from "node:timers/promises";
import type { TlsOptions } from "muove";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { makeKit } from "../support/kit.js";
import { Authority, openssl } from "../support/logins/authority.js";
import { TemporaryFolder } from "../support/logins/temporary-folder.js";
import { natsServer, natsServerSince, withServerSince } from "../support/nats-server.js";
import { until } from "../support/until.js";
import { makeCertificate } from "./support/certificate.js";
import { addressOf, linkUp, recordedLink, untilUp } from "./support/links.js";
import { scriptedServer } from "./support/scripted-server.js";
import { text } from "./support/text.js";

type Certificate = ReturnType<typeof makeCertificate>;

const tlsOf = ({ certFile, keyFile }: Certificate) => `tls { cert_file: "${certFile}", key_file: "${keyFile}" }`;

const startWith = (certificate: Certificate) => makeKit().nats({ on: "nats-server", text: tlsOf(certificate) });

describe.skipIf(!natsServer || !openssl)("[needs nats-server] a link over TLS", () => {
  it("reconnects after the server was killed", async () => {
    const certificate = makeCertificate();
    const server = await startWith(certificate);
    const tls = { ca: certificate.cert };
    const { link, seen } = await linkUp({ servers: [`tls://localhost:${server.port}`], tls });
    expect(link.publish("a", new Uint8Array())).toBe(true);
    expect(await link.fence()).toBe(true);
    await server.kill();
    await until("down", () => seen.downs.length === 1);
    await server.start();
    await untilUp(link);
    expect(seen.downs).toHaveLength(1);
  });

  it("keeps bursts unchanged and in order, though encryption holds their bytes longer (OUTBOX-1)", async () => {
    const certificate = makeCertificate();
    const server = await startWith(certificate);
    const options = { servers: [`tls://localhost:${server.port}`], tls: { ca: certificate.cert } };
    const [{ link: sender }, { link: receiver }] = [await linkUp(options), await linkUp(options)];
    const content = (i: number): string => `${i} `.repeat(1 + (i % 500));
    let [count, wrong] = [0, 0];
    receiver.subscribe("a", { receive: (msg) => void (text(msg) === content(count++) || wrong++) });
    expect(await receiver.fence()).toBe(true);
    for (let i = 0; i < 20_000; i++) {
      expect(sender.publish("a", Buffer.from(content(i)))).toBe(true);
      if (i % 701 === 0) await sender.fence();
      else if (i % 97 === 0) await setImmediate();
    }
    expect(await sender.fence()).toBe(true);
    await until("all came", () => count === 20_000);
    expect(wrong).toBe(0);
  });

  it("fails the dial for an untrusted certificate", async () => {
    const server = await startWith(makeCertificate());
    const { seen } = recordedLink({ servers: [`tls://localhost:${server.port}`] });
    await until("failed", () => seen.failures.length >= 2);
    expect(seen.failures[0]).toMatchObject({ kind: "tls", error: { code: "DEPTH_ZERO_SELF_SIGNED_CERT" } });
  });

  it("refuses a server without TLS for a tls:// URL", async () => {
    const server = await makeKit().nats({ on: "nats-server" });
    const { seen } = recordedLink({ servers: [`tls://127.0.0.1:${server.port}`] });
    await until("failed", () => seen.failures.length >= 1);
    expect(seen.failures[0]?.error.message).toContain("'tls'");
  });

  it("checks the certificate of a server announced by its IP against the configured name", async () => {
    const certificate = makeCertificate();
    const [first, second] = await makeKit().cluster({ size: 2, text: tlsOf(certificate) });
    if (!first || !second) throw new Error("no cluster");
    const tls = { ca: certificate.cert };
    const { link, seen } = await linkUp({ servers: [`tls://localhost:${first.port}`], tls });
    await first.kill();
    await until("down", () => seen.downs.length === 1);
    await untilUp(link);
    expect(link.status.server).toBe(addressOf(second));
  });
});

/** An authority, and a server that trusts it and has a certificate of it, for `localhost` unless it says otherwise. */
async function authorised(more = "", names?: string) {
  const folder = new TemporaryFolder();
  const authority = new Authority(folder, "authority");
  const own = authority.issue(names);
  const [certFile, keyFile] = [folder.write("server.pem", own.cert), folder.write("server.key", own.key)];
  const caFile = folder.write("ca.pem", authority.cert);
  const text = `tls { cert_file: "${certFile}", key_file: "${keyFile}", ca_file: "${caFile}", ${more} }`;
  const server = await makeKit().nats({ on: "nats-server", text });
  return { folder, authority, caFile, server, url: `tls://localhost:${server.port}` };
}

const handshakeFirst = [2, 10] as const;
const hasHandshakeFirst = natsServerSince(handshakeFirst) !== undefined;

describe.skipIf(!natsServer || !openssl)("[needs nats-server] a link whose server verifies clients", () => {
  it("shows its certificate, from text or files, with a key that may be encrypted", async () => {
    const { folder, authority, caFile, url } = await authorised("verify: true");
    const { cert, key } = authority.issue();
    const [certFile, keyFile] = [folder.write("client.pem", cert), folder.write("client.key", key)];
    const encrypted = spawnSync("openssl", ["ec", "-in", keyFile, "-aes256", "-passout", "pass:s3cret"]).stdout;
    const forms: readonly TlsOptions[] = [
      { ca: authority.cert, cert, key },
      { caFile, certFile, keyFile },
      { caFile, cert: Buffer.from(cert), key: encrypted, passphrase: "s3cret" },
    ];
    for (const tls of forms) {
      const { link, seen } = await linkUp({ servers: [url], tls });
      expect(seen.failures).toEqual([]);
      await link.close();
    }
  });

  it("is told that its certificate is missing, or of another authority", async () => {
    const { caFile, url } = await authorised("verify: true");
    const stranger = new Authority(new TemporaryFolder(), "stranger").issue();
    for (const tls of [{ caFile }, { caFile, cert: stranger.cert, key: stranger.key }]) {
      const { seen, link } = recordedLink({ servers: [url], tls });
      await until("refused", () => seen.failures.length >= 3);
      expect(new Set(seen.failures.map(({ kind }) => kind))).toEqual(new Set(["tls"]));
      expect(seen.ups).toEqual([]);
      await link.close();
    }
  });

  it("reads its files again at every dial: what is missing, half rotated or wrong is told, and heals", async () => {
    const { folder, authority, caFile, url } = await authorised("verify: true");
    const [certFile, keyFile] = [folder.file("client.pem"), folder.file("client.key")];
    const { seen, link } = recordedLink({ servers: [url], tls: { caFile, certFile, keyFile } });
    const fails = async (message: string) => {
      const before = seen.failures.length;
      const said = () => seen.failures.slice(before).some(({ error }) => error.message.includes(message));
      await until(message, said);
      expect(seen.failures.at(-1)?.kind).toBe("tls");
    };
    const [old, current] = [authority.issue(), authority.issue()];
    await fails(`cannot read the certFile ${certFile}`);
    folder.write("client.pem", current.cert);
    await fails(`cannot read the keyFile ${keyFile}`);
    folder.write("client.key", "");
    await fails(`cannot read the keyFile ${keyFile}`);
    folder.write("client.key", old.key);
    await fails("the certificate and its key (cert, key) are not usable");
    folder.write("ca.pem", "s3cret");
    await fails("the authorities (ca) are not usable");
    expect(JSON.stringify(seen.failures.map(({ error }) => [error.message, error.stack]))).not.toContain("s3cret");
    folder.write("ca.pem", authority.cert);
    folder.write("client.key", current.key);
    await untilUp(link);
  });

  it("lives on while certificates and authorities on both sides are rotated, and reconnects with the new ones", async () => {
    const { folder, server, url, caFile } = await authorised("verify: true");
    const [certFile, keyFile] = [folder.file("client.pem"), folder.file("client.key")];
    const write = (authority: Authority, name: string) => {
      const issued = authority.issue();
      folder.write(`${name}.pem`, issued.cert);
      folder.write(`${name}.key`, issued.key);
    };
    const first = new Authority(folder, "first");
    folder.write("ca.pem", first.cert);
    for (const name of ["server", "client"]) write(first, name);
    await server.reload({});
    const { link, seen } = await linkUp({ servers: [url], tls: { caFile, certFile, keyFile } });
    const second = new Authority(folder, "second");
    folder.write("ca.pem", second.cert);
    for (const name of ["server", "client"]) write(second, name);
    await server.reload({});
    expect(await link.fence()).toBe(true);
    await server.kill();
    await server.start();
    await until("down", () => seen.downs.length === 1);
    await untilUp(link);
    expect(new Set(seen.failures.map(({ kind }) => kind))).not.toContain("tls");
  });

  it("is the user that its certificate names (verify_and_map)", async () => {
    const folder = new TemporaryFolder();
    const authority = new Authority(folder, "authority");
    const own = authority.issue();
    const files = `cert_file: "${folder.write("server.pem", own.cert)}", key_file: "${folder.write("server.key", own.key)}"`;
    const tlsText = `tls { ${files}, ca_file: "${folder.write("ca.pem", authority.cert)}", verify_and_map: true }`;
    const text = `${tlsText}\nauthorization { users: [{ user: "CN=service" }] }`;
    const server = await makeKit().nats({ on: "nats-server", text });
    const servers = [`tls://localhost:${server.port}`];
    const shown = (subject: string) => ({ ca: authority.cert, ...authority.issue(undefined, subject) });
    await linkUp({ servers, tls: shown("service") });
    const { seen } = recordedLink({ servers, tls: shown("another") });
    await until("refused", () => seen.failures.length > 0);
    expect(seen.failures[0]?.kind).toBe("credentials");
  });
});

describe.skipIf(!natsServer || !openssl)("[needs nats-server] a link that verifies its server", () => {
  it("compares the certificate with the host, or with serverName, be it a name or an address", async () => {
    const { caFile, server } = await authorised("", "DNS:nats.internal,IP:127.0.0.1");
    const [name, address] = [`tls://localhost:${server.port}`, `tls://127.0.0.1:${server.port}`];
    const good: [string, TlsOptions][] = [
      [address, { caFile }],
      [name, { caFile, serverName: "nats.internal" }],
      [address, { caFile, serverName: "nats.internal" }],
      [name, { caFile, serverName: "127.0.0.1" }],
    ];
    for (const [url, tls] of good) {
      const { link, seen } = await linkUp({ servers: [url], tls });
      expect(seen.failures).toEqual([]);
      await link.close();
    }
    const bad: [string, TlsOptions][] = [
      [name, { caFile }],
      [address, { caFile, serverName: "nats.elsewhere" }],
      [address, { caFile, serverName: "127.0.0.2" }],
    ];
    for (const [url, tls] of bad) {
      const { seen, link } = recordedLink({ servers: [url], tls });
      await until("refused", () => seen.failures.length > 0);
      expect(seen.failures[0]).toMatchObject({ kind: "tls", error: { code: "ERR_TLS_CERT_ALTNAME_INVALID" } });
      await link.close();
    }
  });

  it("does so whatever the environment of the process says, and not only with insecureSkipVerify", async () => {
    const { url } = await authorised();
    vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", "0");
    onTestFinished(() => void vi.unstubAllEnvs());
    for (const servers of [[url], [url.replace("tls://", "nats://")]]) {
      const { seen } = recordedLink({ servers });
      await until("refused", () => seen.failures.length >= 2);
      expect(seen.failures[1]?.kind).toBe("tls");
      expect(seen.ups).toEqual([]);
    }
    await linkUp({ servers: [url], tls: { insecureSkipVerify: true } });
  });

  it.skipIf(!hasHandshakeFirst)(
    "[needs nats-server 2.10 or later] begins with TLS where servers do, announced ones too",
    () =>
      withServerSince(handshakeFirst, async () => {
        const folder = new TemporaryFolder();
        const authority = new Authority(folder, "authority");
        const own = authority.issue();
        const files = `cert_file: "${folder.write("server.pem", own.cert)}", key_file: "${folder.write("server.key", own.key)}"`;
        const kit = makeKit();
        // "auto" also greets those that wait for it, as the kit does until the cluster is complete.
        const [first, second] = await kit.cluster({ size: 2, text: `tls { ${files}, handshake_first: auto }` });
        const plain = await kit.nats({ on: "nats-server", text: `tls { ${files} }` });
        const strict = await kit.nats({ on: "nats-server", text: `tls { ${files}, handshake_first: true }` });
        if (!first || !second) throw new Error("no cluster");
        const tls = { ca: authority.cert, handshakeFirst: true };
        const { link, seen } = await linkUp({ servers: [`localhost:${first.port}`], tls });
        expect(seen.failures).toEqual([]);
        await first.kill();
        await until("down", () => seen.downs.length === 1);
        await untilUp(link);
        expect(link.status.server).toBe(addressOf(second));
        await linkUp({ servers: [`localhost:${strict.port}`], tls });
        for (const wrong of [
          { servers: [`localhost:${plain.port}`], tls },
          { servers: [`localhost:${strict.port}`], tls: { ca: authority.cert } },
        ]) {
          const failing = recordedLink({ ...wrong, dialTimeout: 500 });
          await until("failed", () => failing.seen.failures.length > 0);
          expect(failing.seen.ups).toEqual([]);
          await failing.link.close();
        }
      }),
  );
});

describe("a link over TLS", () => {
  it("times out a TLS-first handshake that is never answered, and leaves no socket", async () => {
    const server = await scriptedServer(
      () => {},
      () => {},
    );
    const { link, seen } = recordedLink({ servers: [server.url], tls: { handshakeFirst: true }, dialTimeout: 50 });
    await until("two timed out", () => seen.failures.length >= 2);
    expect(seen.failures[0]?.kind).toBe("timeout");
    await link.close();
    await until("all sockets closed", () => server.sockets.every((socket) => socket.destroyed));
  });
});
