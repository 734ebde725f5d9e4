import type { ExpectedDegradation, ExpectedParts } from "./step.js";

const part = (source: string, ...reasons: string[]): ExpectedDegradation => ({ source, reasons });

// What each fallback of the storefront does about an absence; see others.ts there.

/** Nobody can be reached, and nobody ever was: only the price list is known. */
export const nothingKnown: ExpectedParts = {
  product: part("function", "unreachable"),
  price: part("function", "unreachable"),
  stock: part("constant", "unreachable"),
  recommendations: part("constant", "unreachable"),
};

/** Nobody can be reached, but they were before. */
export const cutOff: ExpectedParts = {
  product: part("last-known", "unreachable"),
  price: part("last-known", "unreachable"),
  // It hung before the cut, and the circuit that opened then may still be open.
  stock: part("constant", "unreachable", "circuit-open"),
  recommendations: part("constant", "unreachable"),
};

export const noRecommendations: ExpectedParts = { recommendations: part("constant", "absent") };

export const noPricing: ExpectedParts = { ...noRecommendations, price: part("last-known", "absent") };

/** It hangs, so calls time out. (On a slow machine, enough of them time out to open the circuit before we look.) */
export const hangingInventory: ExpectedParts = { ...noPricing, stock: part("constant", "timeout", "circuit-open") };

/** Its circuit is open, so it is called only now and then. */
export const inventoryGivenUp: ExpectedParts = { ...noPricing, stock: part("constant", "circuit-open") };
