import type { Probed } from "./probes.js";
import type { Compared } from "./rounds.js";

/** Everything that one run has measured; what `--json` prints. */
export interface Results {
  readonly about: About;
  readonly compared: Compared;
  /** Muove by itself, where that was asked for. */
  readonly alone: Probed | undefined;
}

/** What it was measured with. */
export interface About {
  /** Such as 2026-11-25. */
  readonly date: string;
  /** What measured it. */
  readonly command: string;
  readonly node: string;
  readonly cores: number;
  readonly natsServer: string;
  readonly rounds: number;
  readonly seconds: number;
  readonly full: boolean;
}
