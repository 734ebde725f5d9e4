import type { Issue } from "@muove/contract";
import { plainText } from "@muove/contract/internal";

/**
 * The fields that issues are about, such as `lines.0.sku`, each once and at most 256 characters. For the log: the
 * messages of some schema libraries quote the values, and those are not logged.
 */
export function issueFields(issues: readonly Issue[]): string[] {
  return [...new Set(issues.map(({ path }) => (path.length === 0 ? "(root)" : plainText(path.join(".")))))];
}
