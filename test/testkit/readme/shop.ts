import { connect } from "muove";
import { pricing } from "../services/pricing-contract.mjs";

/** The service under test in the README's example: what it says of a product, whether it knows the price or not. */
export function startShop({ servers }: { readonly servers: string }) {
  const bus = connect({ service: "shop", servers, logger: false, pingInterval: 100 });
  const label = async (sku: string): Promise<string> => {
    const price = await bus.to(pricing).quote({ sku }).orElse(500);
    return price.status === "ok" ? `${price.value} cents` : `about ${price.value} cents`;
  };
  return { label, close: () => bus.close() };
}
