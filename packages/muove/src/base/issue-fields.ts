import type { Issue } from "@muove/contract";

/**
 * The fields that issues are about, such as `lines.0.sku`, each once. For the log: the messages of some schema libraries
 * quote the values, and those are not logged.
 */
export function issueFields(issues: readonly Issue[]): string[] {
  return [...new Set(issues.map(({ path }) => (path.length === 0 ? "(root)" : path.join("."))))];
}
