import type { Problems } from "./problems.js";
import type { JetStreamSettings } from "./settings.js";

const megabyte = 1_048_576;
const standard: JetStreamSettings = Object.freeze({ maxBytes: 256 * megabyte, folder: undefined });

/** Checks the `jetStream` option. */
export function jetStreamOptions(value: unknown, problems: Problems): JetStreamSettings | undefined {
  if (value === undefined || value === false) return undefined;
  if (value === true) return standard;
  const { maxBytes = standard.maxBytes, folder } = problems.record("jetStream", value, ["maxBytes", "folder"]) ?? {};
  return Object.freeze({
    maxBytes: problems.integer("jetStream.maxBytes", maxBytes, megabyte, Number.MAX_SAFE_INTEGER),
    folder: folder === undefined ? undefined : problems.string("jetStream.folder", folder),
  });
}
