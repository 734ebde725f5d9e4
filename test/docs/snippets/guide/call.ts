import { type Bus, CallError, lastKnown, none, withFallback } from "muove";
import { stock } from "./contract.js";

export async function reserve(bus: Bus): Promise<string> {
  // #region call
  const outcome = await bus.to(stock).reserve({ sku: "tea", pieces: 2 }, { timeout: 200 });

  switch (outcome.status) {
    case "ok":
      return `reserved, ${outcome.value.left} left`;
    case "failed": // The service said no, with an error that the contract declares.
      return `only ${outcome.error.data.left} left`;
    case "unavailable": // No answer. Was it delivered? "no", or "maybe".
      return outcome.delivered === "no" ? "not reserved, try again" : "perhaps reserved, ask before trying again";
    case "faulty": // Something answered, but not as the contract says.
      return `broken: ${outcome.message}`;
  }
  // #endregion
}

export async function level(bus: Bus, sku: string): Promise<string> {
  // #region fallback
  const level = await bus
    .to(stock)
    .level({ sku })
    .orElse(lastKnown({ maxAge: 600_000 }), { pieces: 0 });

  return level.status === "ok" ? `${level.value.pieces}` : `${level.value.pieces}? (${level.reason}, ${level.source})`;
  // #endregion
}

export function withFallbacks(bus: Bus) {
  // #region with-fallback
  const reliable = withFallback(bus.to(stock), {
    level: [lastKnown(), { pieces: 0 }],
    reserve: none, // Nothing can stand in for a reservation: callers look at the outcome.
  });
  // #endregion
  return reliable;
}

export async function orThrow(bus: Bus): Promise<number | string> {
  // #region or-throw
  try {
    const { left } = await bus.to(stock).reserve({ sku: "tea", pieces: 900 }).orThrow();
    return left;
  } catch (error) {
    if (error instanceof CallError) return `${error.code}: ${error.outcome.status}`;
    throw error;
  }
  // #endregion
}

export async function retried(bus: Bus): Promise<string> {
  // #region retries
  const level = await bus.to(stock).level({ sku: "tea" }, { retries: 2 });
  // #endregion
  return level.status;
}
