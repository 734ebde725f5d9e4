import { once } from "node:events";
import { setImmediate } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { onTestFinished } from "vitest";

/** A relay to a server that can hold back what the server sends, and release it while this process's loop is blocked. */
export interface HoldingRelay {
  readonly url: string;
  /** Messages that are held. */
  readonly held: number;
  hold(): void;
  /** Releases everything that is held, and lets later messages pass. */
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
 * Blocks this process's loop, as a long computation does, at the worst moment: after the loop has read its sockets, so
 * that timers that are due fire before it reads them again.
 */
export async function blockLoop(ms: number): Promise<void> {
  await setImmediate();
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
