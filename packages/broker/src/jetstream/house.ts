import type { Budget } from "../bounds/budget.js";
import type { Router } from "../routing/router.js";
import type { Advisories } from "./advisories.js";
import type { Chronicle } from "./chronicle.js";
import type { Outlet } from "./outlet.js";
import type { Pump } from "./pump.js";

/** What all streams and consumers share. */
export interface House {
  readonly router: Router;
  readonly outlet: Outlet;
  readonly advisories: Advisories;
  readonly pump: Pump;
  readonly chronicle: Chronicle;
  /** The memory for messages, and for what is known of them. */
  readonly budget: Budget;
}
