import { setTimeout as sleep } from "node:timers/promises";
import type { Bus, ServeOptions } from "muove";
import { stock } from "./contract.js";

/** What the handlers of `stock` have done. */
export class Ledger {
  /** The ids that `reserve` and `sold` got, in order. */
  readonly ids: string[] = [];
  /** How many handlers have started, by message. */
  readonly started: Record<string, number> = {};
  /** How many handlers of `wait` have seen their signal abort. */
  aborted = 0;

  begin(message: string): void {
    this.started[message] = (this.started[message] ?? 0) + 1;
  }
}

/** Serves `stock`, and keeps a ledger of what its handlers did. */
export function serveStock(bus: Bus, options: ServeOptions = {}) {
  const ledger = new Ledger();
  const own = bus.serve(
    stock,
    {
      level() {
        ledger.begin("level");
        return { pieces: 5 };
      },
      async reserve({ id, ms }) {
        ledger.begin("reserve");
        ledger.ids.push(id);
        if (ms > 0) await sleep(ms);
        return { by: bus.status.instance };
      },
      async wait({ ms }, { signal }) {
        ledger.begin("wait");
        const aborted = await sleep(ms, false, { signal }).catch(() => true);
        if (aborted) ledger.aborted++;
        return { aborted };
      },
      crash({ sku }) {
        ledger.begin("crash");
        throw new Error(`a handler threw: ${sku}`);
      },
      sold({ id }) {
        ledger.begin("sold");
        ledger.ids.push(id);
      },
    },
    options,
  );
  return { ledger, own };
}
