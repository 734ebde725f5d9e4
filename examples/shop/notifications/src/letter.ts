import { listedName, type OrderPlaced } from "@shop/contracts";

/** The letter for an order that was placed. */
export function letter(order: OrderPlaced): string {
  return order.reserved
    ? `Thank you for your order: ${words(order)}. It is on its way.`
    : `Thank you for your order: ${words(order)}. We are checking our shelves and will write again.`;
}

/** The letter for an order whose stock was checked later. */
export function secondLetter(order: OrderPlaced): string {
  return order.reserved
    ? `Your order is on its way: ${words(order)}.`
    : `We are sorry: there are not enough pieces left for your order, ${words(order)}. You pay nothing.`;
}

const words = ({ sku, quantity, cents }: OrderPlaced): string =>
  `${quantity} × ${listedName(sku)} for ${(cents / 100).toFixed(2)} €`;
