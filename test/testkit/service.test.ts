import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
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

describe("a Muove service", () => {
  it("is ready when it is connected, and answers", async () => {
    const { child, quote } = await priced();
    expect(await quote()).toMatchObject({ status: "ok", value: 3 });
    expect(child).toMatchObject({ name: "pricing", running: true });
    expect(child.output).toContain("connected to NATS");
  });

  it("is absent once killed, and kill() may be called again", async () => {
    const { child, quote } = await priced();
    expect(await child.kill()).toEqual({ code: null, signal: "SIGKILL" });
    expect(await child.kill()).toEqual(await child.exit);
    expect(lives(child.pid)).toBe(false);
    await eventually(async () => {
      const outcome = await quote();
      return outcome.status === "unavailable" && outcome.reason === "absent";
    });
  });

  it("starts again in a new process after each kill (SERVICE-1)", async () => {
    const { child, quote } = await priced();
    const heard: unknown[] = [];
    child.onMessage((message) => message === "hello yourself" && heard.push(message));
    const pids = new Set([child.pid]);
    for (let time = 0; time < 3; time++) {
      await child.kill();
      await Promise.all([child.start(), child.start()]);
      expect(child).toMatchObject({ name: "pricing", running: true });
      child.send("hello");
      await eventually(() => heard.length === time + 1);
      pids.add(child.pid);
      await eventually(async () => (await quote()).status === "ok");
    }
    expect(pids.size).toBe(4);
    await child.start();
    expect(pids.has(child.pid)).toBe(true);
    expect(heard).toEqual(Array(3).fill("hello yourself"));
    expect(await child.terminate()).toMatchObject({ code: 7 });
  });

  it("is named after its folder in errors if its file name says little", async () => {
    const folder = mkdtempSync(join(tmpdir(), "muove-name-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const entry = join(folder, "orders", "dist", "main.mjs");
    mkdirSync(dirname(entry), { recursive: true });
    writeFileSync(entry, "process.exit(3)");
    await expect((await makeKit().service({ entry })).ready).rejects.toThrow("orders ended before it was ready");
  });

  it("cannot start again after its kit was closed", async () => {
    const kit = makeKit();
    const child = await kit.service({ entry: service("odd"), args: ["env"] });
    await child.exit;
    await kit.close();
    await expect(child.start()).rejects.toMatchObject({ code: "MUOVE_TESTKIT_CLOSED" });
  });

  it("does not answer while stopped, and answers again when continued", async () => {
    const { child, quote } = await priced();
    await child.stop();
    expect(await quote()).toMatchObject({ reason: "timeout" });
    await child.continue();
    await eventually(async () => (await quote()).status === "ok");
  });

  it("drains when terminated, and terminate() tells how it ended", async () => {
    const { child } = await priced();
    const end = await child.terminate();
    expect(end).toMatchObject({ code: 7, signal: null });
    expect(end.ms).toBeLessThan(5_000);
    await expect(child.terminate()).rejects.toMatchObject({ code: "MUOVE_TESTKIT_NOT_RUNNING" });
  });

  it("answers the test's questions, with arguments and answers that can be cloned, or says why it cannot", async () => {
    const { child } = await priced();
    expect(await child.ask<string>("status")).toBe("up");
    const values = [undefined, 1n, new Date(0), new Map([["a", new Uint8Array(2)]])];
    expect(await child.ask("echo", ...values)).toEqual(values);
    expect(await Promise.all([1, 2, 3].map((n) => child.ask("echo", n)))).toEqual([[1], [2], [3]]);
    await expect(child.ask("fail")).rejects.toThrow(/pricing could not answer: Error: no such luck/);
    await expect(child.ask("else")).rejects.toThrow(/nothing answers "else": known are status, echo, fail/);
    await child.stop();
    const asked = expect(child.ask("echo")).rejects.toMatchObject({ code: "MUOVE_TESTKIT_NOT_RUNNING" });
    await child.kill();
    await asked;
    await expect(child.ask("echo")).rejects.toMatchObject({ code: "MUOVE_TESTKIT_NOT_RUNNING" });
  });

  it("exchanges plain messages with the test", async () => {
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

  it("is ready once it sends the ready message", async () => {
    await (await odd("message")).ready;
  });

  it("is ready once it prints the given line", async () => {
    await (await odd("chatty", { readyLine: /^line 77 / })).ready;
  });

  it("that ends before it is ready rejects `ready` with its output, handled or not", async () => {
    const child = await odd("fails");
    expect(await child.exit).toEqual({ code: 3, signal: null });
    await expect(child.ready).rejects.toMatchObject({ code: "MUOVE_TESTKIT_NOT_READY" });
    await expect(child.ready).rejects.toThrow(/odd ended before it was ready \(exit code 3\).*\n.*no such thing/);
  });

  it("that takes too long to be ready rejects `ready`, and keeps running", async () => {
    const child = await odd("silent", { readyWithin: 50 });
    await expect(child.ready).rejects.toThrow("odd was not ready within 50 ms. It printed nothing.");
    expect(child.running).toBe(true);
  });

  it("has its latest 64 KiB of output kept", async () => {
    const child = await odd("chatty");
    await child.ready;
    expect(child.output.length).toBe(65_536);
    expect(child.output.endsWith("ready\n")).toBe(true);
  });

  it("takes its own children with it when killed", async () => {
    const child = await odd("parent");
    await child.ready;
    const grandchild = Number(/child: (\d+)/.exec(child.output)?.[1]);
    expect(lives(grandchild)).toBe(true);
    await child.kill();
    await eventually(() => !lives(grandchild));
  });

  it("ends when killed, even if a daemon that it started still holds its output (MANAGED-PROCESS-2)", async () => {
    const child = await odd("daemon");
    await child.ready;
    const daemon = Number(/daemon: (\d+)/.exec(child.output)?.[1]);
    onTestFinished(() => void process.kill(daemon, "SIGKILL"));
    expect(await child.kill()).toEqual({ code: null, signal: "SIGKILL" });
    expect(lives(daemon)).toBe(true);
  });

  it("is refused with everything that is wrong with its options", async () => {
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
