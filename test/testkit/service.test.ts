import { eventually, type ServiceOptions } from "@muove/testkit";
import { connect } from "muove";
import { describe, expect, it, onTestFinished } from "vitest";
import { makeKit } from "../support/kit.js";
import { lives } from "../support/processes.js";
import { pricing } from "./services/pricing-contract.mjs";
import { service } from "./support.js";

/** A service and a caller on one NATS, both connected. */
async function priced() {
  const kit = makeKit();
  const nats = await kit.nats();
  const child = await kit.service({ entry: service("pricing"), nats: nats.url });
  const bus = connect({ service: "test", servers: nats.url, logger: false });
  onTestFinished(() => bus.close());
  await child.ready;
  const quote = () => bus.to(pricing).quote({ sku: "tea" });
  await eventually(async () => (await quote()).status === "ok");
  return { child, quote };
}

const { PATH } = process.env;
const odd = (what: string, more: Partial<ServiceOptions> = {}) =>
  makeKit().service({ entry: service("odd"), args: [what], ...more });

describe("a service of Muove's", () => {
  it("answers, and is ready when it is connected", async () => {
    const { child, quote } = await priced();
    expect(await quote()).toMatchObject({ status: "ok", value: 3 });
    expect(child).toMatchObject({ name: "pricing.mjs", running: true });
    expect(child.output).toContain("connected to NATS");
  });

  it("killed, is absent; kill() may be called again", async () => {
    const { child, quote } = await priced();
    expect(await child.kill()).toEqual({ code: null, signal: "SIGKILL" });
    expect(await child.kill()).toEqual(await child.exit);
    expect(lives(child.pid)).toBe(false);
    await eventually(async () => {
      const outcome = await quote();
      return outcome.status === "unavailable" && outcome.reason === "absent";
    });
  });

  it("stopped, does not answer meanwhile; continued, it does", async () => {
    const { child, quote } = await priced();
    await child.stop();
    expect(await quote()).toMatchObject({ reason: "timeout" });
    await child.continue();
    await eventually(async () => (await quote()).status === "ok");
  });

  it("terminated, drains, and how it ended is told", async () => {
    const { child } = await priced();
    const end = await child.terminate();
    expect(end).toMatchObject({ code: 7, signal: null });
    expect(end.ms).toBeLessThan(5_000);
    await expect(child.terminate()).rejects.toMatchObject({ code: "MUOVE_TESTKIT_NOT_RUNNING" });
  });

  it("answers what the test asks, with arguments and answers of any kind that can be cloned", async () => {
    const { child } = await priced();
    expect(await child.ask<string>("status")).toBe("up");
    const values = [undefined, 1n, new Date(0), new Map([["a", new Uint8Array(2)]])];
    expect(await child.ask("echo", ...values)).toEqual(values);
    expect(await Promise.all([1, 2, 3].map((n) => child.ask("echo", n)))).toEqual([[1], [2], [3]]);
    await expect(child.ask("fail")).rejects.toThrow(/pricing.mjs could not answer: Error: no such luck/);
    await expect(child.ask("else")).rejects.toThrow(/nothing answers "else": known are status, echo, fail/);
    await child.stop();
    const asked = expect(child.ask("echo")).rejects.toMatchObject({ code: "MUOVE_TESTKIT_NOT_RUNNING" });
    await child.kill();
    await asked;
    await expect(child.ask("echo")).rejects.toMatchObject({ code: "MUOVE_TESTKIT_NOT_RUNNING" });
  });

  it("gets the test's own messages, and sends its own", async () => {
    const { child } = await priced();
    const heard: unknown[] = [];
    const stop = child.onMessage((message) => heard.push(message));
    child.send("hello");
    await eventually(() => heard.length === 1);
    expect(heard).toEqual(["hello yourself"]);
    stop();
  });
});

describe("any service", () => {
  it("gets its arguments, its environment and its NATS_URL", async () => {
    const child = await odd("env", { nats: "nats://127.0.0.1:1", env: { A: "1", HOME: undefined }, name: "oddity" });
    await child.exit;
    const env = JSON.parse(child.output);
    expect(env).toMatchObject({ A: "1", NATS_URL: "nats://127.0.0.1:1", PATH });
    expect(env).not.toHaveProperty("HOME");
    expect(child.name).toBe("oddity");
  });

  it("is ready by a message, too", async () => {
    await (await odd("message")).ready;
  });

  it("is ready by a line of the test's choice", async () => {
    await (await odd("chatty", { readyLine: /^line 77 / })).ready;
  });

  it("that ends before it is ready says so, with its output; nobody needs to listen", async () => {
    const child = await odd("fails");
    expect(await child.exit).toEqual({ code: 3, signal: null });
    await expect(child.ready).rejects.toMatchObject({ code: "MUOVE_TESTKIT_NOT_READY" });
    await expect(child.ready).rejects.toThrow(/odd.mjs ended before it was ready \(exit code 3\).*\n.*no such thing/);
  });

  it("that takes too long to be ready says so", async () => {
    const child = await odd("silent", { readyWithin: 50 });
    await expect(child.ready).rejects.toThrow("odd.mjs was not ready within 50 ms. It printed nothing.");
    expect(child.running).toBe(true);
  });

  it("cannot print more than is kept", async () => {
    const child = await odd("chatty");
    await child.ready;
    expect(child.output.length).toBe(65_536);
    expect(child.output.endsWith("ready\n")).toBe(true);
  });

  it("takes its own children with it", async () => {
    const child = await odd("parent");
    await child.ready;
    const grandchild = Number(/child: (\d+)/.exec(child.output)?.[1]);
    expect(lives(grandchild)).toBe(true);
    await child.kill();
    await eventually(() => !lives(grandchild));
  });

  it("that leaves a daemon behind, which holds its output, ends all the same (MANAGED-PROCESS-2)", async () => {
    const child = await odd("daemon");
    await child.ready;
    const daemon = Number(/daemon: (\d+)/.exec(child.output)?.[1]);
    onTestFinished(() => void process.kill(daemon, "SIGKILL"));
    expect(await child.kill()).toEqual({ code: null, signal: "SIGKILL" });
    expect(lives(daemon)).toBe(true);
  });

  it("names everything that is wrong with its options", async () => {
    const wrong = { entry: 7, env: "x", nats: "redis://x", args: [1], redy: true } as unknown as ServiceOptions;
    const failure = await makeKit()
      .service(wrong)
      .catch((error) => error);
    expect(failure).toMatchObject({ code: "MUOVE_TESTKIT_INVALID_OPTIONS" });
    expect(failure.message.split("\n  - ")).toHaveLength(6);
    await expect(makeKit().service({} as ServiceOptions)).rejects.toThrow("entry is missing");
    await expect(makeKit().service({ entry: new URL("http://x") })).rejects.toThrow("must be a file: URL");
  });
});
