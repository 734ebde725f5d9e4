import type { Issue, Schema } from "@muove/contract";
import { describe, issuesInWords, type Validated, validate } from "@muove/contract/internal";
import { InvalidOptions } from "../base/invalid-options.js";
import {
  type MetadataTexts,
  maxMetadataEntries,
  maxMetadataSize,
  metadataNameForm,
  metadataProblem,
  readMetadata,
  writtenMetadata,
} from "../wire/metadata.js";
import { InvalidMetadata } from "./invalid-metadata.js";

// docs/protocol.md, clauses H-7 and V-6.

/** The metadata of messages. It does not change. */
export interface Metadata {
  readonly texts: MetadataTexts;
  /** The value of its header. */
  readonly header: string;
}

const none: Metadata = { texts: {}, header: "" };
const unread: Validated = { value: undefined };

/**
 * What a bus does with metadata: reads it, adds to it, and checks it.
 *
 * METADATA-1 Nothing is sent that breaks the schema of its bus, and no handler gets such a message.
 * METADATA-2 What is passed on or sent is bounded (H-7), whatever others send. A bus without a schema passes on what it
 *   got, unread, unless it is malformed.
 * METADATA-3 Metadata is checked once, not for every message that carries it.
 */
export class MetadataRules {
  readonly #schema: Schema | undefined;
  /** What the schema says of each. */
  readonly #checked = new WeakMap<Metadata, readonly Issue[]>();

  constructor(schema: Schema | undefined) {
    this.#schema = schema;
  }

  /** What a handler gets of a header, or what is wrong with it. Never throws. */
  read(header: string | undefined): Validated {
    if (this.#schema === undefined) return unread;
    const read = readMetadata(header ?? "");
    return "problem" in read ? { issues: [issue(`metadata: ${read.problem}`)] } : this.#validate(read.texts);
  }

  /** The metadata for what is sent on behalf of a message with that header, which was read before. */
  passedOn(header: string | undefined): Metadata | undefined {
    if (header === undefined) return undefined;
    const read = readMetadata(header);
    if ("problem" in read) return undefined;
    const metadata = { texts: read.texts, header };
    this.#checked.set(metadata, []);
    return metadata;
  }

  /**
   * Adds to metadata. @param given by name; `undefined` for nothing.
   *
   * @throws InvalidOptions, or InvalidMetadata if there is too much of it.
   */
  add(metadata: Metadata | undefined, given: unknown): Metadata | undefined {
    if (given === undefined) return metadata;
    const problems = this.#schema === undefined ? ["needs a schema: connect({ meta: … })"] : problemsOf(given);
    if (problems.length > 0) throw new InvalidOptions("This metadata", problems);
    const own = Object.entries(given as object).filter(([, value]) => value !== undefined);
    const texts = { ...metadata?.texts, ...Object.fromEntries(own.map(([name, value]) => [name, String(value)])) };
    const header = writtenMetadata(texts);
    const problem = metadataProblem(header, Object.keys(texts).length);
    if (problem === undefined) return { texts, header };
    const most = `at most ${maxMetadataEntries} entries and ${maxMetadataSize} bytes, inherited ones included`;
    throw new InvalidMetadata(
      "A message",
      [issue(`metadata: ${problem}; there may be ${most}`)],
      "it has too much metadata",
    );
  }

  /**
   * The value of the header of a message; "" for none.
   *
   * @throws InvalidMetadata
   */
  headerOf(metadata: Metadata = none, address: string): string {
    if (this.#schema !== undefined) {
      const issues = this.#issuesOf(metadata);
      if (issues.length > 0) throw new InvalidMetadata(address, issues);
    }
    return metadata.header;
  }

  #issuesOf(metadata: Metadata): readonly Issue[] {
    const known = this.#checked.get(metadata);
    if (known !== undefined) return known;
    const issues = this.#validate(metadata.texts).issues ?? [];
    this.#checked.set(metadata, issues);
    return issues;
  }

  #validate(texts: MetadataTexts): Validated {
    try {
      const result = validate(this.#schema, texts, "the metadata");
      // A path is that of an input, so it says here where it leads.
      return result.issues
        ? { issues: result.issues.map((each) => issue(`metadata ${issuesInWords([each])}`)) }
        : result;
    } catch {
      return { issues: [issue("metadata: its schema failed")] };
    }
  }
}

const issue = (message: string): Issue => ({ message, path: [] });

function problemsOf(given: unknown): string[] {
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    return [`must be an object, not ${describe(given)}`];
  }
  return Object.entries(given).flatMap(([name, value]) => {
    if (!metadataNameForm.test(name)) {
      return [`the name ${describe(name)} must be 1 to 64 letters, digits, - and _, starting with a letter`];
    }
    const fits = value === undefined || ["string", "number", "boolean"].includes(typeof value);
    return fits ? [] : [`${name} must be a text, a number or a boolean, not ${describe(value)}`];
  });
}
