/**
 * What a subject is for, without what others choose in it: one of as many as the contracts of a bus have messages,
 * however many instances there are. For where something is counted or logged by its subject.
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
