// Checks that each difference from nats-server that the README lists exists, and is as described.

import { findNatsServer } from "@muove/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RawClient } from "../support/raw-client.js";
import { generation } from "./generation.js";
import { type Pair, startPair } from "./pair.js";
import { a, alone, hello, pub } from "./scripts/say.js";
import { run, type Session } from "./session.js";

const natsServer = findNatsServer();

describe.skipIf(!natsServer)("[needs nats-server] the embedded broker, as its README says,", () => {
  let pair: Pair;
  beforeAll(async () => {
    pair = await startPair();
  });
  afterAll(() => pair.stop());

  /** What the first connection receives from each broker, without INFO and the answers to the fences. */
  const both = async (session: Session): Promise<Record<"embedded" | "real", string[]>> => {
    const heard = async (port: number): Promise<string[]> => {
      const [first = []] = (await run(port, session)).heard;
      return first.filter((line) => !line.startsWith("INFO") && line !== "PONG");
    };
    return { embedded: await heard(pair.embedded.port), real: await heard(pair.real.port) };
  };

  it("gives another name, version and language in INFO, and no commit", async () => {
    const info = async (port: number): Promise<Record<string, unknown>> => {
      const client = await RawClient.open(port);
      await client.close();
      return JSON.parse(client.frames[0]?.line.slice("INFO ".length) ?? "");
    };
    const [embedded, real] = await Promise.all([info(pair.embedded.port), info(pair.real.port)]);
    const { hasKey, saysMore } = generation;
    const more = [...(hasKey ? ["xkey"] : []), ...(saysMore ? ["api_lvl"] : [])];
    // Some builds of nats-server leave out the commit as well.
    const only = Object.keys(real).filter((name) => !(name in embedded) && name !== "git_commit");
    expect(only.sort()).toEqual(more.sort());
    expect(Object.keys(embedded).filter((name) => !(name in real))).toEqual([]);
    expect(embedded).toMatchObject({
      server_name: "muove-broker",
      version: "2.9.10",
      go: expect.stringContaining("node"),
    });
    for (const { server_id } of [embedded, real]) expect(server_id).toMatch(/^N[A-Z2-7]{55}$/);
  });

  it("reports an invalid subject to a pedantic client once, not twice, when the message comes in two reads", async () => {
    const { embedded, real } = await both(alone(hello({ pedantic: true }), a("PUB a..b 2\r\n", "hi\r\n")));
    const told = "-ERR 'Invalid Publish Subject'";
    expect(embedded).toEqual([told]);
    expect(real).toEqual([told, told]);
  });

  it("accepts an integer in CONNECT that is written as a fraction", async () => {
    const { embedded, real } = await both(alone('CONNECT {"protocol":1.0,"verbose":true}\r\n'));
    expect(embedded).toEqual(["+OK"]);
    expect(real).toEqual(["<closed>"]);
  });

  it("has no $SYS.REQ.USER.INFO, which nats-server answers from 2.10 on", async () => {
    const ask = async (port: number): Promise<string | undefined> => {
      const client = await RawClient.open(port);
      client.send(`${hello()}SUB inbox 1\r\n${pub("$SYS.REQ.USER.INFO", "", "inbox")}`);
      await client.until(() => client.frames.length > 1);
      await client.close();
      return client.frames[1]?.body;
    };
    const nobody = "NATS/1.0 503\r\n\r\n\r\n";
    expect(await ask(pair.embedded.port)).toBe(nobody);
    const told = expect.stringContaining('"data":{"user":"","account":"$G"');
    expect(await ask(pair.real.port)).toEqual(generation.tellsUsers ? told : nobody);
  });

  it("names no subject in a 503 and sends INFO once, unlike nats-server from 2.12 on", async () => {
    const hear = async (port: number): Promise<readonly string[]> => {
      const client = await RawClient.open(port);
      client.send(`${hello()}SUB inbox 1\r\n${pub("nobody", "hi", "inbox")}`);
      await client.fence();
      await client.close();
      return client.frames.map(({ verb, body = "" }) => /^Nats-Subject: \S+/m.exec(body)?.[0] ?? verb);
    };
    const asBefore = ["INFO", "HMSG", "PONG"];
    expect(await hear(pair.embedded.port)).toEqual(asBefore);
    const more = ["INFO", "Nats-Subject: nobody", "PONG", "INFO"];
    expect(await hear(pair.real.port)).toEqual(generation.saysMore ? more : asBefore);
  });

  it("keeps subscriptions after a second CONNECT, which nats-server ends from 2.14 on", async () => {
    const { embedded, real } = await both(alone(hello(), "SUB x 1\r\n", pub("x", "1"), hello(), pub("x", "2")));
    expect(embedded).toEqual(["MSG x 1 1|1\r\n", "MSG x 1 1|2\r\n"]);
    expect(real).toEqual(generation.forgetsOnConnect ? embedded.slice(0, 1) : embedded);
  });
});
