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
  ])("%s", (text, address) => {
    expect(parseServer(text)).toEqual(address);
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
