/**
 * Subjects as nats-server reads them: tokens separated by dots. The token `*` matches any one token, and a last token
 * `>` matches one or more. `foo*` is a literal token. Subjects are keys here, with one character per byte.
 */

export const anyToken = "*";
export const restTokens = ">";

/** Whether it is literal: no empty token and no wildcard. */
export function isLiteral(subject: string): boolean {
  return subject.split(".").every((token) => token !== "" && token !== anyToken && token !== restTokens);
}

/** Whether a subscription to it can match more than one subject. */
export function hasWildcard(subject: string): boolean {
  return subject.split(".").some((token) => token === anyToken || token === restTokens);
}

/** Whether it is valid in a permission: like `isSubscribable`, and without white space. */
export function isValid(subject: string): boolean {
  return isSubscribable(subject) && !/[\t\n\f\r ]/.test(subject);
}

/** Whether it is valid in a subscription: no empty token, and nothing after a `>`. */
export function isSubscribable(subject: string): boolean {
  const tokens = subject.split(".");
  return tokens.every((token, i) => token !== "" && (token !== restTokens || i === tokens.length - 1));
}

/** Whether `pattern` matches everything that `subject` matches. Both may have wildcards. */
export function isSubset(subject: string, pattern: string): boolean {
  const tokens = subject.split(".");
  const tests = pattern.split(".");
  for (const [i, test] of tests.entries()) {
    const token = tokens[i];
    if (token === undefined || test === "") return false;
    if (test === restTokens) return true;
    if (token === "" || token === restTokens) return false;
    // As in nats-server, a pattern token that only starts with a star accepts any token.
    if (token === anyToken ? test !== anyToken : test[0] !== anyToken && token !== test) return false;
  }
  return tokens.length === tests.length;
}

/** Whether some subject matches both. Both may have wildcards. */
export function collide(one: string, other: string): boolean {
  const ones = one.split(".");
  const others = other.split(".");
  const shorter = Math.min(ones.length, others.length);
  for (let i = 0; i < shorter; i++) {
    const [a, b] = [ones[i] as string, others[i] as string];
    if (a === restTokens || b === restTokens) return true;
    if (a !== anyToken && b !== anyToken && a !== b) return false;
  }
  return ones.length === others.length;
}

/** A test of whether literal subjects match a pattern. */
export function matcher(pattern: string): (subject: string) => boolean {
  if (pattern === restTokens) return () => true;
  if (!hasWildcard(pattern)) return (subject) => subject === pattern;
  const tests = pattern.split(".");
  return (subject) => matches(subject.split("."), tests);
}

function matches(tokens: readonly string[], tests: readonly string[]): boolean {
  for (const [i, test] of tests.entries()) {
    if (tokens[i] === undefined) return false;
    if (test === restTokens) return true;
    if (test !== anyToken && test !== tokens[i]) return false;
  }
  return tokens.length === tests.length;
}
