import type { Bus } from "muove";
import { stock } from "./contract.js";

const shelf = new Map([["tea", 5]]);

export function serveStock(bus: Bus): void {
  // #region serve
  bus.serve(
    stock,
    {
      level: ({ sku }) => ({ pieces: shelf.get(sku) ?? 0 }),

      reserve({ sku, pieces }, ctx) {
        const left = shelf.get(sku) ?? 0;
        if (left < pieces) return ctx.fail("SOLD_OUT", { left });
        shelf.set(sku, left - pieces);
        if (left === pieces) ctx.publish.soldOut({ sku });
        return { left: left - pieces };
      },

      sold({ sku, pieces }, ctx) {
        ctx.log.info({ sku, pieces }, "sold");
      },
    },
    { concurrency: 32, backlog: 256 },
  );
  // #endregion
}
