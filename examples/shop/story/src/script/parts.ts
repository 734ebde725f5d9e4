import type { ExpectedDegradation, ExpectedParts } from "./step.js";

const part = (source: string, ...reasons: string[]): ExpectedDegradation => ({ source, reasons });

// What each fallback of the storefront makes of an absence; see others.ts there.

/** Nobody can be reached, and nobody ever was: nothing is known but the price list. */
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
  // It was hanging before the cut, and the circuit that opened then may still say so.
  stock: part("constant", "unreachable", "circuit-open"),
  recommendations: part("constant", "unreachable"),
};

export const noRecommendations: ExpectedParts = { recommendations: part("constant", "absent") };

export const noPricing: ExpectedParts = { ...noRecommendations, price: part("last-known", "absent") };

/** It hangs, so calls run into their deadline. (On a slow machine, enough of them before we look.) */
export const hangingInventory: ExpectedParts = { ...noPricing, stock: part("constant", "timeout", "circuit-open") };

/** It is known to hang, so it is not asked any more but now and then. */
export const inventoryGivenUp: ExpectedParts = { ...noPricing, stock: part("constant", "circuit-open") };
