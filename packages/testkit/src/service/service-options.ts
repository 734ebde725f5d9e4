import { describe } from "@muove/contract/internal";
import { check, rule } from "../options.js";

export interface ServiceOptions {
  /**
   * The JavaScript file to run: `new URL("./pricing.js", import.meta.url)`, or a path. Node 20 does not run TypeScript.
   */
  readonly entry: URL | string;
  /** Added to this process's environment. Undefined removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Its NATS_URL. */
  readonly nats?: string;
  readonly args?: readonly string[];
  /** Its name in errors. Default: that of the file, `orders` for `orders.js`; or of the folder, for `orders/dist/main.js`. */
  readonly name?: string;
  /** Matches the line of output that means ready. Default `/\bready\b|connected to NATS/`. */
  readonly readyLine?: RegExp;
  /** How long it may take to be ready, in ms. Default 10,000. */
  readonly readyWithin?: number;
}

/** What most services and the logger of `muove` print. */
export const defaultReadyLine = /\bready\b|connected to NATS/;

/** @throws TestkitError MUOVE_TESTKIT_INVALID_OPTIONS */
export function checkServiceOptions(options: ServiceOptions): void {
  const missing = (options as ServiceOptions | undefined)?.entry === undefined;
  const rules = {
    entry: entryProblem,
    env: rule.record,
    nats: rule.natsUrl,
    args: rule.texts,
    name: rule.string,
    readyLine: rule.regExp,
    readyWithin: rule.milliseconds,
  };
  check("service()", options, rules, [missing && "entry is missing: the JavaScript file to run"]);
}

function entryProblem(value: unknown): string | undefined {
  if (value instanceof URL) return value.protocol === "file:" ? undefined : `must be a file: URL, not ${value.href}`;
  return typeof value === "string" && value !== "" ? undefined : `must be a URL or a path, not ${describe(value)}`;
}
