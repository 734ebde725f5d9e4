// What the README lists as differences from nats-server: each of them is one, and is as it says.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findNatsServer } from "../support/nats-server.js";
import { RawClient } from "../support/raw-client.js";
import { type Pair, startPair } from "./pair.js";
import { a, alone, hello } from "./scripts/say.js";
import { run, type Session } from "./session.js";

const natsServer = findNatsServer();

describe.skipIf(!natsServer)("[needs nats-server] the differences that the README lists", () => {
  let pair: Pair;
  beforeAll(async () => {
    pair = await startPair();
  });
  afterAll(() => pair.stop());

  /** What the first connection hears on each side, less INFO and the answers to the fences. */
  const both = async (session: Session): Promise<Record<"embedded" | "real", string[]>> => {
    const heard = async (port: number): Promise<string[]> => {
      const [first = []] = (await run(port, session)).heard;
      return first.filter((line) => !line.startsWith("INFO") && line !== "PONG");
    };
    return { embedded: await heard(pair.embedded.port), real: await heard(pair.real.port) };
  };

  it("INFO: other names, another language, no commit", async () => {
    const info = async (port: number): Promise<Record<string, unknown>> => {
      const client = await RawClient.open(port);
      await client.close();
      return JSON.parse(client.frames[0]?.line.slice("INFO ".length) ?? "");
    };
    const [embedded, real] = await Promise.all([info(pair.embedded.port), info(pair.real.port)]);
    // Some builds of nats-server leave out the commit as well.
    expect(Object.keys(real).filter((name) => !(name in embedded) && name !== "git_commit")).toEqual([]);
    expect(Object.keys(embedded).filter((name) => !(name in real))).toEqual([]);
    expect(embedded).toMatchObject({
      server_name: "muove-broker",
      version: "2.9.10",
      go: expect.stringContaining("node"),
    });
    for (const { server_id } of [embedded, real]) expect(server_id).toMatch(/^N[A-Z2-7]{55}$/);
  });

  it("a pedantic client is told once of a subject, not once and again when the message comes in two reads", async () => {
    const { embedded, real } = await both(alone(hello({ pedantic: true }), a("PUB a..b 2\r\n", "hi\r\n")));
    const told = "-ERR 'Invalid Publish Subject'";
    expect(embedded).toEqual([told]);
    expect(real).toEqual([told, told]);
  });

  it("an integer in CONNECT that is written as a fraction", async () => {
    const { embedded, real } = await both(alone('CONNECT {"protocol":1.0,"verbose":true}\r\n'));
    expect(embedded).toEqual(["+OK"]);
    expect(real).toEqual(["<closed>"]);
  });
});
