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
