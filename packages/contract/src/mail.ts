import { describe, maxTimerDelay, optionProblems, type Rule, rules } from "./options.js";

/** How the durable messages of a mailbox are kept: the settings of its JetStream stream. */
export interface Mail {
  readonly maxBytes: number;
  readonly replicas: number;
  readonly storage: "file" | "memory";
  /** In ms. */
  readonly duplicateWindow: number;
  readonly domain: string | undefined;
}

/** All instances and all senders must agree on these, so they are part of the contract. */
export interface MailOptions {
  /**
   * How many bytes of letters are kept, headers included. JetStream reserves them when it makes the stream. A full one
   * refuses letters (`overloaded`) and loses none. At least 1 MiB; default 64 MiB.
   */
  readonly maxBytes?: number;
  /** How many servers of a cluster keep each letter: 1, 3 or 5. Default 1: whoever loses that server waits for it. */
  readonly replicas?: number;
  /** `"memory"` loses all letters with its server. Default `"file"`. */
  readonly storage?: "file" | "memory";
  /** For how long a letter that is sent again under its id counts as the same one, in ms. Default 120,000 (2 minutes). */
  readonly duplicateWindow?: number;
  /** The JetStream domain to use, for leaf nodes. Default: that of the server that a service is connected to. */
  readonly domain?: string;
}

const mebibyte = 1_048_576;

const mailRules: Readonly<Record<keyof MailOptions, Rule>> = {
  maxBytes: (value) =>
    Number.isSafeInteger(value) && (value as number) >= mebibyte
      ? undefined
      : `must be a whole number of bytes of at least ${mebibyte}, not ${describe(value)}`,
  replicas: (value) => ([1, 3, 5].includes(value as number) ? undefined : `must be 1, 3 or 5, not ${describe(value)}`),
  storage: (value) =>
    value === "file" || value === "memory" ? undefined : `must be "file" or "memory", not ${describe(value)}`,
  duplicateWindow: (value) =>
    rules.milliseconds(value) === undefined && (value as number) >= 100
      ? undefined
      : `must be a whole number of milliseconds from 100 to ${maxTimerDelay}, not ${describe(value)}`,
  domain: (value) =>
    typeof value === "string" && /^[\w-]{1,64}$/.test(value)
      ? undefined
      : `must be 1 to 64 letters, digits, - and _, not ${describe(value)}`,
};

/** The problem with the option `mail` of a mailbox, if there is one. */
export const mailProblem: Rule = (value) => {
  const problems = optionProblems(value, mailRules);
  return problems.length === 0 ? undefined : `is wrong: ${problems.join("; ")}`;
};

export function mailOf(options: MailOptions = {}): Mail {
  const { maxBytes = 64 * mebibyte, replicas = 1, storage = "file", duplicateWindow = 120_000, domain } = options;
  return Object.freeze({ maxBytes, replicas, storage, duplicateWindow, domain });
}
