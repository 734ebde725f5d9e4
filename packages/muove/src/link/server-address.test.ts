import { describe, expect, it } from "vitest";
import { gossipedServer, parseServer } from "./server-address.js";

describe("a server's address", () => {
  it.each([
    ["host", { listen: "host:4222", tls: false }],
    ["host:80", { listen: "host:80", tls: false }],
    ["nats://host:4333", { listen: "host:4333", tls: false }],
    ["tls://host", { listen: "host:4222", tls: true }],
    ["TLS://host:1", { listen: "host:1", tls: true }],
    ["nats://[::1]:4333", { listen: "[::1]:4333", tls: false }],
    ["[::1]", { listen: "[::1]:4222", tls: false }],
    ["nats://u:p@host", { listen: "host:4222", tls: false, credentials: { user: "u", pass: "p" } }],
    ["u%40x:p%3A%2F@host:1", { listen: "host:1", tls: false, credentials: { user: "u@x", pass: "p:/" } }],
    ["u:50%@host", { listen: "host:4222", tls: false, credentials: { user: "u", pass: "50%" } }],
    ["tls://secret@host", { listen: "host:4222", tls: true, credentials: { token: "secret" } }],
    ["NATS://HOST/", { listen: "host:4222", tls: false }],
    [" host:\n", { listen: "host:4222", tls: false }],
    ["nats://bücher.example", { listen: "xn--bcher-kva.example:4222", tls: false }],
    ["my_nats.ns.svc:65535", { listen: "my_nats.ns.svc:65535", tls: false }],
    ["127.1:1", { listen: "127.0.0.1:1", tls: false }],
    ["[0:0:0:0:0:0:0:1]:1", { listen: "[::1]:1", tls: false }],
    ["@host", { listen: "host:4222", tls: false }],
    ["nats://:@host", { listen: "host:4222", tls: false }],
    ["user:@host", { listen: "host:4222", tls: false, credentials: { user: "user", pass: "" } }],
  ])("%j", (text, address) => {
    expect(parseServer(text)).toEqual(address);
  });

  it.each(["s3cr#t", "s?t", "s/t", "s\\t", "s t", "s@t", "s%t", "s[t]", "ü", "a,b"])(
    "takes the secret %j as it is, as a token or a password",
    (secret) => {
      expect(parseServer(`nats://${secret}@host`)).toMatchObject({
        listen: "host:4222",
        credentials: { token: secret },
      });
      const credentials = { user: "u", pass: `${secret}:${secret}` };
      expect(parseServer(`u:${secret}:${secret}@host`)).toMatchObject({ listen: "host:4222", credentials });
      expect(parseServer(`${encodeURIComponent(secret)}@host`).credentials).toEqual({ token: secret });
    },
  );

  it.each([
    ["ws://s3cret@host", "the scheme must be nats:// or tls://"],
    ["http://s3cret:1", "the scheme must be nats:// or tls://"],
    ["nats://", "there is no host"],
    ["s3cret@", "there is no host"],
    [":4222", "there is no host"],
    [":s3cret@host", "there is a password without a user"],
    ["host:s3cret", "the port must be a number from 1 to 65535"],
    ["host:0", "the port must be a number from 1 to 65535"],
    ["host:65536", "the port must be a number from 1 to 65535"],
    ["u:s3cret@host:1x", "the port must be a number from 1 to 65535"],
    ["host:4222/s3cret", "nothing may follow the port"],
    ["host/?s3cret", "nothing may follow the port"],
    ["host#s3cret", "the host is not a name or an IP address"],
    ["host?s3cret", "the host is not a name or an IP address"],
    ["tok%40host", "the host is not a name or an IP address"],
    ["a b", "the host is not a name or an IP address"],
    ["1.2.3.256", "the host is not a name or an IP address"],
    ["::1", "an IPv6 address must be in brackets, as in [::1]:4222"],
    ["[fe80::1%eth0]", "the IPv6 address is not valid"],
    ["[host]:1", "the IPv6 address is not valid"],
  ])("is refused, without a word of it: %j", (text, problem) => {
    expect(() => parseServer(text)).toThrow(expect.objectContaining({ message: problem }));
  });

  it("that is announced has the credentials and the TLS of the server that announced it", () => {
    const teacher = parseServer("tls://u:p@nats.example:4222");
    expect(gossipedServer("other.example:4333", teacher, true)).toEqual({
      listen: "other.example:4333",
      tls: true,
      credentials: { user: "u", pass: "p" },
    });
    expect(gossipedServer("10.0.0.2:4222", parseServer("10.0.0.1"), false)).toEqual({
      listen: "10.0.0.2:4222",
      tls: false,
    });
  });

  it("that is announced as an IP has the configured name for its certificate, also over two hops", () => {
    const first = gossipedServer("10.0.0.2:4222", parseServer("nats.example"), true);
    expect(first).toEqual({ listen: "10.0.0.2:4222", tls: true, servername: "nats.example" });
    expect(gossipedServer("[fd00::3]:4222", first, true).servername).toBe("nats.example");
  });
});
