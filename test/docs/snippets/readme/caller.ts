// #region caller
import { connect, lastKnown } from "muove";
import { pricing } from "./contract.js";

export const bus = connect({ service: "shop", servers: process.env.NATS_URL });

export async function price(sku: string): Promise<string> {
  const quote = await bus
    .to(pricing)
    .quote({ sku, quantity: 1 })
    .orElse(lastKnown({ maxAge: 600_000 }), { cents: 500 });

  switch (quote.status) {
    case "ok":
      return `${quote.value.cents} cents`;
    case "degraded": // No answer: the last known one for this input, or the constant.
      return `about ${quote.value.cents} cents (${quote.reason}, ${quote.source})`;
    case "failed": // The service said no.
      return "not sold here";
  }
}
// #endregion
