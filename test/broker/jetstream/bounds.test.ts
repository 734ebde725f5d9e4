// What clients of JetStream can make the embedded broker take.

import { type Broker, startBroker } from "@muove/broker";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { RawClient } from "../../support/raw-client.js";
import { until } from "../../support/until.js";

const megabyte = 1_048_576;

describe("clients of JetStream", () => {
  let broker: Broker;
  let client: RawClient;
  beforeEach(async () => {
    broker = await startBroker({ port: 0, jetStream: { maxBytes: 4 * megabyte } });
    client = await RawClient.open(broker.port);
    client.send('CONNECT {"verbose":false,"pedantic":false,"headers":true,"no_responders":true}\r\nSUB in.> 1\r\n');
  });
  afterEach(async () => {
    await client.close();
    await broker.close();
  });

  const written = (subject: string, body: string, reply = "in.x") =>
    `PUB ${subject} ${reply} ${Buffer.byteLength(body)}\r\n${body}\r\n`;
  const bodies = () => client.frames.map(({ body = "" }) => body);
  /** Asks, and resolves with the next answer. */
  async function ask(subject: string, body: string): Promise<string> {
    const before = bodies().filter(Boolean).length;
    client.send(written(subject, body));
    await client.until(() => bodies().filter(Boolean).length > before);
    return bodies().filter(Boolean)[before] ?? "";
  }
  const stream = (own: object = {}) =>
    ask("$JS.API.STREAM.CREATE.S", JSON.stringify({ name: "S", subjects: ["s.>"], ...own }));
  const consumer = (name: string, own: object = {}) =>
    ask(
      `$JS.API.CONSUMER.CREATE.S.${name}`,
      JSON.stringify({ stream_name: "S", config: { durable_name: name, ack_policy: "explicit", ...own } }),
    );

  it("cannot store more than its maximum, and go on when there is room", async () => {
    await stream();
    const large = "x".repeat(500_000);
    const answers: string[] = [];
    for (let i = 0; i < 10; i++) answers.push(await ask("s.a", large));
    const taken = answers.filter((answer) => answer.includes('"seq":') && !answer.includes("error"));
    expect(taken.length).toBeGreaterThanOrEqual(7);
    expect(taken.length).toBeLessThanOrEqual(8);
    expect(answers.at(-1)).toContain('"err_code":10023');
    await ask("$JS.API.STREAM.PURGE.S", "");
    expect(await ask("s.a", large)).not.toContain("error");
  });

  it("cannot store more small messages than fit with what is known of them", async () => {
    await stream();
    const small = Array.from({ length: 20_000 }, (_, i) => written(`s.${i}`, "")).join("");
    client.send(small);
    await client.fence();
    expect(bodies().some((body) => body.includes("10023"))).toBe(true);
    const info = JSON.parse(await ask("$JS.API.STREAM.INFO.S", ""));
    expect(info.state.messages).toBeLessThan(10_000);
  });

  it("cannot make more streams and consumers than fit", async () => {
    let refused = "";
    for (let i = 0; i < 400 && !refused.includes("10023"); i++) {
      refused = await ask(`$JS.API.STREAM.CREATE.T${i}`, JSON.stringify({ name: `T${i}` }));
    }
    expect(refused).toContain("10023");
    await ask("$JS.API.STREAM.DELETE.T0", "");
    await stream();
    refused = "";
    for (let i = 0; i < 400 && !refused.includes("10023"); i++) refused = await consumer(`c${i}`);
    expect(refused).toContain("10023");
  });

  it("cannot leave more requests waiting than fit", async () => {
    await stream();
    await consumer("c", { max_waiting: 1_000_000 });
    const requests = Array.from({ length: 20_000 }, (_, i) => written("$JS.API.CONSUMER.MSG.NEXT.S.c", "", `in.${i}`));
    client.send(requests.join(""));
    expect(await client.until(() => bodies().some((body) => body.includes("409 Exceeded MaxWaiting")))).toBe(true);
  });

  it("cannot keep it busy with a stream that stores what it delivers", async () => {
    await stream({ max_msgs: 100 });
    await consumer("c", { max_ack_pending: -1 });
    await ask("s.a", "again and again");
    client.send(written("$JS.API.CONSUMER.MSG.NEXT.S.c", '{"batch":1000000000}', "s.b"));
    const last = async () => JSON.parse(await ask("$JS.API.STREAM.INFO.S", "")).state.last_seq;
    const before = await last();
    await until("it goes round", async () => (await last()) > before + 1_000);
    expect(await client.fence({ within: 1_000 })).toBe(true);
  });

  it("leave nothing behind in its process when it closes", async () => {
    await stream({ max_age: 3_600e9 });
    await consumer("c", { ack_wait: 60e9 });
    await ask(
      "$JS.API.CONSUMER.CREATE.S",
      JSON.stringify({ stream_name: "S", config: { ack_policy: "explicit", inactive_threshold: 60e9 } }),
    );
    await ask("s.a", "hi");
    await ask("$JS.API.CONSUMER.MSG.NEXT.S.c", '{"batch":1,"expires":60000000000}');
    client.send(written("$JS.API.CONSUMER.MSG.NEXT.S.c", '{"batch":1,"expires":60000000000}'));
    await client.fence();
    const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
    const during = timers();
    await client.close();
    await broker.close();
    expect(broker.stats).toMatchObject({ connections: 0, subscriptions: 0 });
    expect(timers()).toBeLessThanOrEqual(during - 3);
  });
});
