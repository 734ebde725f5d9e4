import type { Probed } from "./probes.js";
import type { Compared } from "./rounds.js";

/** All results of a run, as printed by `--json`. */
export interface Results {
  readonly about: About;
  readonly compared: Compared;
  /** Muove by itself, if requested. */
  readonly alone: Probed | undefined;
}

/** The environment. */
export interface About {
  /** Such as 2026-11-25. */
  readonly date: string;
  /** The version of the benchmark. */
  readonly command: string;
  readonly node: string;
  readonly cores: number;
  readonly natsServer: string;
  readonly rounds: number;
  readonly seconds: number;
  readonly full: boolean;
}
