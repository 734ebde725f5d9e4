/**
 * A subject without the parts that others choose, for counting and logging by subject. The number of kinds depends on
 * the contracts of a bus, not on the number of instances.
 */
export function subjectKind(prefix: string | undefined, subject: string): string {
  const root = prefix === undefined ? "" : `${prefix}.`;
  if (!subject.startsWith(root)) return "elsewhere";
  const tokens = subject.slice(root.length).split(".");
  const [first = ""] = tokens;
  if (first === "muove-presence") return `${first}.${tokens[1]}`; // The service and the instance follow.
  if (first !== "muove") return "elsewhere";
  return tokens.map((token, at) => (tokens[at - 1] === "_i" ? "*" : token)).join(".");
}
