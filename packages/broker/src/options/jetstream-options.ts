import type { JetStreamOptions } from "./broker-options.js";
import type { Problems } from "./problems.js";

const megabyte = 1_048_576;
const standard: Required<JetStreamOptions> = Object.freeze({ maxBytes: 256 * megabyte });

/** Checks the `jetStream` option. */
export function jetStreamOptions(value: unknown, problems: Problems): Required<JetStreamOptions> | undefined {
  if (value === undefined || value === false) return undefined;
  if (value === true) return standard;
  const given = problems.record("jetStream", value, ["maxBytes"]);
  const { maxBytes = standard.maxBytes } = given ?? {};
  return Object.freeze({
    maxBytes: problems.integer("jetStream.maxBytes", maxBytes, megabyte, Number.MAX_SAFE_INTEGER),
  });
}
