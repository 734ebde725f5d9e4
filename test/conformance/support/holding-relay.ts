import { once } from "node:events";
import { setImmediate } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { onTestFinished } from "vitest";

/** A way to a server that can hold back what the server says, and let go of it while this process's loop is blocked. */
export interface HoldingRelay {
  readonly url: string;
  /** Messages that are held. */
  readonly held: number;
  hold(): void;
  /** Everything that is held goes on its way, and what comes after it passes. */
  letGo(): void;
}

export async function holdingRelay(port: number): Promise<HoldingRelay> {
  const state = new Int32Array(new SharedArrayBuffer(8));
  const worker = new Worker(new URL("./holding-relay.mjs", import.meta.url), { workerData: { port, state } });
  onTestFinished(async () => {
    await worker.terminate();
  });
  const [own] = (await once(worker, "message")) as [number];
  return {
    url: `127.0.0.1:${own}`,
    get held() {
      return Atomics.load(state, 1);
    },
    hold: () => void Atomics.store(state, 0, 1),
    letGo: () => void Atomics.store(state, 0, 0),
  };
}

/**
 * Blocks this process's loop, as a long computation does, and where it hurts most: after the loop has read its sockets,
 * so that what is due by then comes before it reads them again.
 */
export async function blockLoop(ms: number): Promise<void> {
  await setImmediate();
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
