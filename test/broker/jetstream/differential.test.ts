import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { natsServerThatKeepsMail, natsServerVersion } from "../../support/nats-server.js";
import { changed } from "./changed.js";
import { type JetStreamPair, startJetStreamPair } from "./pair.js";
import { api } from "./say.js";
import { consumers } from "./scripts/consumers.js";
import { delivering } from "./scripts/delivering.js";
import { publishing } from "./scripts/publishing.js";
import { streams } from "./scripts/streams.js";
import { run, type Session } from "./session.js";

const scripts = { streams, publishing, consumers, delivering };
const clean: Session = ["S", "T", "U"].map((name) => api(`STREAM.DELETE.${name}`));

const program = natsServerThatKeepsMail();
// This file has a process of its own.
if (program !== undefined) process.env.NATS_SERVER = program;
const { major, minor } = natsServerVersion();
const later = major > 2 || minor > 10;

describe.skipIf(program === undefined)(
  "[needs nats-server 2.10 or later] JetStream of both brokers answers the same session alike",
  () => {
    describe.each(Object.entries(scripts))("%s", (script, sessions) => {
      let pair: JetStreamPair;
      beforeAll(async () => {
        pair = await startJetStreamPair();
      });
      afterAll(() => pair.stop());

      it.each(Object.entries(sessions))("%s", async (title, session) => {
        const both = async (port: number) => {
          const heard = await run(port, session);
          await run(port, clean);
          return heard;
        };
        const [embedded, real] = await Promise.all([both(pair.embedded), both(pair.real)]);
        const tell = (heard: readonly unknown[]) => heard.map((what, i) => ({ after: session[i], what }));
        if (later && changed[script]?.includes(title)) expect(tell(embedded)).not.toEqual(tell(real));
        else expect(tell(embedded)).toEqual(tell(real));
      });
    });
  },
);
