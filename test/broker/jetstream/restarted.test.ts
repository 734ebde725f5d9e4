// The embedded broker with a folder, closed and started again.

import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startBroker } from "@muove/broker";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { api, consumer, consumerInfo, hpub, info, ms, pub, pull, several, stream, verdict } from "./say.js";
import { run, type Session } from "./session.js";

describe("streams in a folder", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "muove-restarted-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  });

  /** What a broker says in the last of some sessions, between a start and its end. */
  async function during(...sessions: readonly Session[]): Promise<readonly (readonly unknown[])[]> {
    const broker = await startBroker({ port: 0, jetStream: { folder } });
    try {
      let heard: readonly (readonly unknown[])[] = [];
      for (const session of sessions) heard = await run(broker.port, session, "soon");
      return heard;
    } finally {
      await broker.close();
    }
  }

  const everything: Session = [
    info(),
    info("T"),
    consumerInfo("c"),
    consumerInfo("d"),
    api("STREAM.INFO.S", { subjects_filter: ">", deleted_details: true }),
    ...[1, 2, 3, 4, 5, 6].map((seq) => api("STREAM.MSG.GET.S", { seq })),
    api("CONSUMER.NAMES.S"),
    api("STREAM.NAMES"),
  ];

  const histories: Readonly<Record<string, Session>> = {
    "streams, messages and consumers": [
      stream({ metadata: { a: "b" } }),
      stream({ subjects: ["t"], first_seq: 50 }, "T"),
      consumer("c"),
      consumer("d", { filter_subject: "s.b", deliver_policy: "new" }),
      pub("s.a", "one"),
      hpub("s.b", "A: b", "two"),
      ...several(4),
      pub("t", "hi"),
      api("STREAM.MSG.DELETE.S", { seq: 3 }),
    ],
    "deliveries, acknowledgements and naks": [
      stream(),
      consumer("c", { ack_wait: ms(60_000) }),
      consumer("d", { ack_policy: "all" }),
      ...several(6),
      pull("c", { batch: 5 }, 5),
      pull("d", { batch: 4 }, 4),
      verdict(2, "+ACK"),
      verdict(1, "+TERM"),
      verdict(4, "+ACK"),
      verdict(8, "+ACK"),
      verdict(3, "-NAK"),
      pull("c", { batch: 1 }, 1),
    ],
    "what is gone": [
      stream(),
      stream({ subjects: ["t"] }, "T"),
      consumer("c"),
      consumer("d"),
      ...several(5),
      pull("c", { batch: 2 }, 2),
      api("STREAM.PURGE.S", { seq: 4 }),
      api("CONSUMER.DELETE.S.d"),
      api("STREAM.DELETE.T"),
    ],
    "a work queue": [
      stream({ retention: "workqueue" }),
      consumer("c"),
      ...several(5),
      pull("c", { batch: 3 }, 3),
      verdict(1, "+ACK"),
      verdict(3, "+ACK"),
    ],
    "limits and changes of configuration": [
      stream({ max_msgs: 3 }),
      consumer("c", { filter_subject: "s.a" }),
      ...several(5),
      api("STREAM.UPDATE.S", { name: "S", subjects: ["s.>", "u"], storage: "memory", max_msgs: 2 }),
      consumer("c", { filter_subject: "s.a", max_ack_pending: 7 }),
      pub("u", "hi"),
    ],
    "an empty stream that had messages": [stream(), consumer("c"), ...several(3), api("STREAM.PURGE.S")],
  };

  it.each(Object.entries(histories))("are as they were: %s", async (_title, history) => {
    const before = await during(history, everything);
    expect(await during(everything)).toEqual(before);
    expect(await during(everything)).toEqual(before);
  });

  it("go on: sequences, ids, deliveries", async () => {
    const id = (name: string) => hpub("s.a", `Nats-Msg-Id: ${name}`, name);
    await during([stream(), consumer("c"), id("a"), id("b"), pull("c", { batch: 1 }, 1), verdict(1, "+ACK")]);
    const [[duplicate], [third], next] = (await during([
      id("a"),
      id("c"),
      pull("c", { batch: 5, no_wait: true }, 3),
    ])) as [[unknown], [unknown], unknown[]];
    expect(duplicate).toMatchObject({ body: { seq: 1, duplicate: true } });
    expect(third).toMatchObject({ body: { seq: 3 } });
    expect(next).toMatchObject([{ body: "b" }, { body: "c" }, { header: expect.stringContaining("408") }]);
  });

  it("are written anew when most of the journal is superfluous", { timeout: 30_000 }, async () => {
    const large = "x".repeat(400_000);
    const flood = Array.from({ length: 60 }, () => pub("s.a", large));
    const history = [stream({ max_msgs: 2 }), consumer("c"), ...flood, pull("c", { batch: 1 }, 1)];
    const before = await during(history, everything);
    expect(statSync(join(folder, "journal")).size).toBeLessThan(20_000_000);
    expect(await during(everything)).toEqual(before);
  });

  it("cannot be kept where there is no folder, and no port is taken", async () => {
    const file = join(folder, "file");
    writeFileSync(file, "");
    const failure = await startBroker({ port: 0, jetStream: { folder: join(file, "below") } }).catch((error) => error);
    expect(failure).toMatchObject({ name: "BrokerError", code: "MUOVE_BROKER_CANNOT_STORE" });
  });
});
