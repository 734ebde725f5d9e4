import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { type Bus, connect, healthHandler, InvalidOptions, supervised } from "../index.js";

const signals = ["SIGTERM", "SIGINT"] as const;
const faults = ["uncaughtException", "unhandledRejection"] as const;
const events: readonly string[] = [...signals, ...faults];

let bus: Bus;
let before: Map<string, unknown[]>;
const exit = vi.fn();
beforeEach(() => {
  bus = connect({ service: "test", servers: "127.0.0.1:1", logger: false });
  before = new Map(events.map((event) => [event, process.rawListeners(event as "SIGTERM")]));
  vi.spyOn(process, "exit").mockImplementation(exit as never);
  exit.mockReset();
});
afterEach(async () => {
  vi.restoreAllMocks();
  for (const event of events) for (const listener of added(event)) process.off(event, listener as () => void);
  await bus.close();
});

const added = (event: string): unknown[] =>
  process.rawListeners(event as "SIGTERM").filter((listener) => !before.get(event)?.includes(listener));

/** Simulates a signal or an error: calls the listeners, except those of the test runner. */
function raise(event: string, ...given: unknown[]): void {
  for (const listener of added(event)) (listener as (...all: unknown[]) => void)(...given);
}

const exited = (code: number) => vi.waitFor(() => expect(exit).toHaveBeenCalledWith(code), 5_000);

describe.each(signals)("on %s", (signal) => {
  test("the bus drains, and then the process exits with 0", async () => {
    supervised(bus);
    raise(signal);
    await exited(0);
    expect(bus.status.connection.state).toBe("closed");
  });

  test.each([
    [
      "throws",
      () => {
        throw new Error("boom");
      },
    ],
    ["rejects", () => Promise.reject(new Error("boom"))],
  ])("the before hook cannot keep the bus from draining: it %s", async (_, first) => {
    supervised(bus, { before: first });
    raise(signal);
    await exited(0);
    expect(bus.status.connection.state).toBe("closed");
  });

  test("the before hook and the handlers have the time that they are given, and no more", async () => {
    const close = vi.spyOn(bus, "close");
    const begun = performance.now();
    supervised(bus, { before: () => new Promise(() => {}), beforeTimeout: 20, drainTimeout: 77 });
    raise(signal);
    await exited(0);
    expect(performance.now() - begun).toBeLessThan(2_500);
    expect(close).toHaveBeenCalledWith({ timeout: 77 });
  });

  test("the bus waits for the before hook", async () => {
    const order: string[] = [];
    bus.on("closed", () => void order.push("closed"));
    supervised(bus, {
      before: async () => {
        await new Promise((resolve) => setImmediate(resolve));
        order.push("before");
      },
    });
    raise(signal);
    await exited(0);
    expect(order).toEqual(["before", "closed"]);
  });

  test("it is not ready from the signal on, while its HTTP server still answers, until the before hook is done", async () => {
    const health = healthHandler(bus);
    const server = createServer((request, response) => void health(request, response)).listen(0);
    onTestFinished(() => void server.close());
    const probe = async () => {
      const { port } = server.address() as AddressInfo;
      const response = await fetch(`http://127.0.0.1:${port}/readyz`, { headers: { connection: "close" } });
      return [response.status, await response.json()];
    };
    let over = (): void => {};
    supervised(bus, { before: () => new Promise<void>((resolve) => (over = resolve)) });
    const degraded = true; // There is no NATS.
    const [before] = await probe();
    raise(signal);
    expect([before, await probe()]).toEqual([200, [503, { live: true, ready: false, degraded }]]);
    expect(bus.health.problems).toEqual(["it is closing"]);
    expect(bus.status.connection.state).not.toBe("closed");
    over();
    await exited(0);
  });

  test("a second signal of either kind ends the process at once: it has no listener any more", () => {
    supervised(bus);
    raise(signal);
    for (const second of signals) expect(added(second)).toEqual([]);
  });
});

test.each(faults)("on an %s the bus drains, and then the process exits with 1", async (fault) => {
  supervised(bus);
  raise(fault, new Error("boom"));
  await exited(1);
  expect(bus.status.connection.state).toBe("closed");
});

test("a process with several buses exits when all have closed", async () => {
  const other = connect({ service: "other", servers: "127.0.0.1:1", logger: false });
  supervised(bus);
  supervised(other, { before: () => new Promise((resolve) => setTimeout(resolve, 50)) });
  raise("SIGTERM");
  await exited(0);
  expect([bus, other].map(({ status }) => status.connection.state)).toEqual(["closed", "closed"]);
});

test("an uncaught error while the bus drains makes the process exit with 1", async () => {
  supervised(bus, { before: () => new Promise(() => {}) });
  raise("SIGTERM");
  for (const listener of added("uncaughtException")) (listener as (error: Error) => void)(new Error("boom"));
  await exited(1);
  expect(exit).not.toHaveBeenCalledWith(0);
});

test("invalid options throw", () => {
  const wrong = { before: 1, beforeTimeout: 0, drainTimeout: "10s", after: 2 };
  expect(() => supervised(bus, wrong as never)).toThrow(InvalidOptions);
  expect(() => supervised(bus, wrong as never)).toThrow(
    /before must.*\n.*beforeTimeout must.*\n.*drainTimeout must.*\n.*"after"/,
  );
  for (const event of events) expect(added(event)).toEqual([]);
});
