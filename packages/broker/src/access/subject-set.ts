import type { Match } from "../subjects/interest.js";
import { SubjectTree } from "../subjects/subject-tree.js";

/** One rule: a subject, and the queue group that it applies to, if any. */
interface Rule {
  readonly subject: string;
  readonly queue?: string;
}

/** Converts a rule to keys with one character per byte. */
export const toKey = (text: string): string => Buffer.from(text, "utf8").toString("latin1");

/** A list of rules to match subjects against. */
export class SubjectSet {
  readonly #rules = new SubjectTree<Rule>();

  /** @param queues whether a second word is a queue group. Otherwise it is part of the subject. */
  constructor(texts: readonly string[], queues: boolean) {
    for (const text of texts) {
      const [subject = "", queue] = queues ? toKey(text).trim().split(/\s+/) : [toKey(text)];
      this.#rules.insert(queue === undefined ? { subject } : { subject, queue });
    }
  }

  match(subject: string): Match<Rule> {
    return this.#rules.match(subject);
  }

  /** Whether a rule without a queue group covers the subject. */
  covers(subject: string): boolean {
    return this.match(subject).plain.length > 0;
  }
}
