import { matcher } from "../subjects/subjects.js";

/** Which subjects a consumer takes. */
export class Filters {
  readonly subjects: readonly string[];
  readonly #tests: readonly ((subject: string) => boolean)[];

  /** @param subjects as keys, with wildcards; none for all. */
  constructor(subjects: readonly string[]) {
    this.subjects = subjects;
    this.#tests = subjects.map(matcher);
  }

  matches(subject: string): boolean {
    if (this.#tests.length === 0) return true;
    for (const test of this.#tests) if (test(subject)) return true;
    return false;
  }
}
