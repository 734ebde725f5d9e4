/**
 * Subjects, as nats-server reads them: tokens between dots; a token that is just `*` stands for any one token, a last
 * one that is just `>` for one or more. `foo*` is a literal token. Subjects are keys here: one character a byte.
 */

export const anyToken = "*";
export const restTokens = ">";

/** Whether it could be published to and meant literally: no empty token, no wildcard. */
export function isLiteral(subject: string): boolean {
  return subject.split(".").every((token) => token !== "" && token !== anyToken && token !== restTokens);
}

/** Whether a subscription to it can match more than one subject. */
export function hasWildcard(subject: string): boolean {
  return subject.split(".").some((token) => token === anyToken || token === restTokens);
}

/** Whether it may stand in a permission: as `isSubscribable`, and without white space. */
export function isValid(subject: string): boolean {
  return isSubscribable(subject) && !/[\t\n\f\r ]/.test(subject);
}

/** Whether it may be subscribed to: no empty token, and nothing after a `>`. */
export function isSubscribable(subject: string): boolean {
  const tokens = subject.split(".");
  return tokens.every((token, i) => token !== "" && (token !== restTokens || i === tokens.length - 1));
}

/** Whether everything that `subject` matches is matched by `pattern` as well; both may hold wildcards. */
export function isSubset(subject: string, pattern: string): boolean {
  const tokens = subject.split(".");
  const tests = pattern.split(".");
  for (const [i, test] of tests.entries()) {
    const token = tokens[i];
    if (token === undefined || test === "") return false;
    if (test === restTokens) return true;
    if (token === "" || token === restTokens) return false;
    // As in nats-server, a test that merely starts with a star accepts any token.
    if (token === anyToken ? test !== anyToken : test[0] !== anyToken && token !== test) return false;
  }
  return tokens.length === tests.length;
}
