import { AsyncLocalStorage } from "node:async_hooks";
import type { TenantBus } from "./metadata.js";

export const tenants = new AsyncLocalStorage<string>();

export function addSteps(bus: TenantBus, record: (address: string, what: string, ms: number) => void): void {
  // #region steps
  bus.use({
    async handle(ctx, next) {
      const start = performance.now();
      try {
        return await tenants.run(ctx.meta.tenant, next); // The handler, and what it calls, run in this context.
      } finally {
        record(ctx.address, "handled", performance.now() - start);
      }
    },
    send({ address }) {
      const start = performance.now();
      return { settled: ({ status }) => record(address, status, performance.now() - start) };
    },
  });
  // #endregion
}
