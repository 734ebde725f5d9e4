import { listedName, type OrderPlaced } from "@shop/contracts";

/** What the customer gets to read about an order. */
export function letter({ sku, quantity, cents, reserved }: OrderPlaced): string {
  const what = `${quantity} × ${listedName(sku)} for ${(cents / 100).toFixed(2)} €`;
  return reserved
    ? `Thank you for your order: ${what}. It is on its way.`
    : `Thank you for your order: ${what}. We are checking our shelves and will write again.`;
}
