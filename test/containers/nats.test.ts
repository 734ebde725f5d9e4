import { eventually, type Nats, type Testkit, testkit } from "@muove/testkit";
import { call, connect, mailbox } from "muove";
import { afterEach, describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { docker, hasDocker } from "./support/docker.js";

// The kit removes its containers itself, and testcontainers' own cleaner would be one more image to pull.
process.env.TESTCONTAINERS_RYUK_DISABLED ??= "true";

const echo = mailbox("echo", { say: call({ input: z.string(), output: z.string(), timeout: 300 }) });

describe.skipIf(!hasDocker)("[needs docker] the testkit's NATS in a container", { timeout: 60_000 }, () => {
  let kit: Testkit;
  afterEach(() => kit.close());

  const start = async (options: { readonly text?: string } = {}): Promise<Nats> => {
    kit = testkit();
    return await kit.nats({ on: "container", ...options });
  };

  /** Makes a call over a bus that also serves it. Resolves to the answer or the status. */
  function caller(nats: Nats): () => Promise<string> {
    const bus = connect({ service: "echo", servers: nats.url, logger: false });
    onTestFinished(() => bus.close({ timeout: 1 }));
    bus.serve(echo, { say: (text) => text });
    return async () => {
      const answer = await bus.to(echo).say("hello");
      return answer.status === "ok" ? answer.value : answer.status;
    };
  }

  const comes = (say: () => Promise<string>, wanted: string) =>
    eventually(async () => (await say()) === wanted, { within: 20_000, what: wanted });

  it("is a nats-server that comes back at the same address after it was killed or terminated", async () => {
    const nats = await start();
    expect(nats).toMatchObject({ on: "container", running: true, pid: undefined });
    expect(nats.output).toContain("Server is ready");
    const say = caller(nats);
    await comes(say, "hello");
    expect(await nats.kill()).toEqual({ code: null, signal: "SIGKILL" });
    expect(nats.running).toBe(false);
    await comes(say, "unavailable");
    await nats.start();
    await comes(say, "hello");
    await nats.terminate();
    await comes(say, "unavailable");
    await nats.start();
    await comes(say, "hello");
  });

  it("does not answer while it is stopped, and answers again when it is continued", async () => {
    const nats = await start();
    const say = caller(nats);
    await comes(say, "hello");
    await nats.stop();
    expect(await say()).toBe("unavailable");
    await nats.continue();
    await comes(say, "hello");
  });

  it("takes a configuration, reloads another one, and goes into lame duck mode", async () => {
    const nats = await start({ text: "server_name: first" });
    await nats.reload({ pingInterval: 5_000 });
    await nats.lameDuck();
  });

  it("is removed with the kit, in whatever state it is", async () => {
    const nats = await start();
    await nats.stop();
    const mine = ["ps", "--all", "--quiet", "--filter", `label=muove.testkit=${process.pid}`];
    expect(await docker(mine)).not.toBe("");
    await kit.close();
    expect(await docker(mine)).toBe("");
  });
});
