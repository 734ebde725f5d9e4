import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { makeKit } from "../support/kit.js";
import { natsServer } from "../support/nats-server.js";
import { until } from "../support/until.js";
import { makeCertificate, openssl } from "./support/certificate.js";
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
