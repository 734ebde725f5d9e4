import type { Holdings } from "../bounds/holdings.js";
import type { Settings } from "../options/settings.js";
import type { Flusher } from "../outbound/flusher.js";
import type { Router } from "../routing/router.js";
import type { Counters } from "./stats.js";

/** State shared by all connections of a broker. */
export interface Shared {
  readonly settings: Settings;
  readonly router: Router;
  readonly flusher: Flusher;
  readonly holdings: Holdings;
  readonly counters: Counters;
}
