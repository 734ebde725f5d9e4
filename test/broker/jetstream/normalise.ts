import type { Frame } from "../../support/frames.js";

/** Fields whose values are times. */
const times = new Set(["created", "ts", "first_ts", "last_ts", "time", "last_active", "timestamp"]);
const never = "0001-01-01T00:00:00Z";
/** What later servers say of themselves in each configuration, and who leads where there is only one. */
const left = new Set(["cluster", "allow_msg_ttl", "allow_msg_counter", "allow_atomic", "allow_msg_schedules"]);

/** Brings messages into a form in which two servers can be compared: without times, ids and names that are made up. */
export class Normaliser {
  readonly #names = new Map<string, string>();

  render({ line, body = "" }: Frame): unknown {
    const words = line.split(" ");
    const [verb, subject, , ...rest] = words;
    const headerSize = verb === "HMSG" ? Number(words.at(-2)) : 0;
    const reply = rest.length > (verb === "HMSG" ? 2 : 1) ? this.#ackSubject(rest[0] as string) : "";
    const bytes = Buffer.from(body, "latin1");
    const header = bytes
      .subarray(0, headerSize)
      .toString()
      .replace(/(NATS\/1.0 503\r\n)Nats-Subject: [^\r]*\r\n/, "$1");
    const text = bytes.subarray(headerSize, -2).toString();
    return { subject, reply, header: withoutTimes(header), body: this.#body(text) };
  }

  #ackSubject(subject: string): string {
    const tokens = subject.split(".");
    if (!subject.startsWith("$JS.ACK.")) return subject;
    tokens[3] = this.#name(tokens[3] as string);
    tokens[7] = /^\d{19}$/.test(tokens[7] as string) ? "<time>" : (tokens[7] as string);
    return tokens.join(".");
  }

  #body(text: string): unknown {
    if (!text.startsWith("{")) return text;
    return this.#value(JSON.parse(text), "");
  }

  #value(value: unknown, name: string): unknown {
    if (times.has(name) && typeof value === "string") return value === never ? never : "<time>";
    if (name === "id") return "<id>";
    // From 2.11 on, servers say what is wrong with it.
    if (name === "description" && typeof value === "string") return value.replace(/^invalid JSON: .*/, "invalid JSON");
    if (name === "api") return "<counters>";
    if (typeof value === "string" && ["name", "consumer"].includes(name)) return this.#name(value);
    if (Array.isArray(value)) return value.map((item) => this.#value(item, ""));
    if (typeof value !== "object" || value === null) return value;
    const entries = Object.entries(value).filter(([key, item]) => !left.has(key) && !isServersOwn(key, item));
    return Object.fromEntries(entries.map(([key, item]) => [key, this.#value(item, key)]));
  }

  /** Names of eight letters and digits are made up by the server. */
  #name(name: string): string {
    if (!/^[0-9A-Za-z]{8}$/.test(name)) return name;
    const known = this.#names.get(name) ?? `<name ${this.#names.size + 1}>`;
    this.#names.set(name, known);
    return known;
  }
}

/** From 2.11 on, servers add metadata about themselves. */
const isServersOwn = (key: string, value: unknown): boolean =>
  key.startsWith("_nats.") ||
  (key === "metadata" && Object.keys(value as object).every((name) => name.startsWith("_nats.")));

const withoutTimes = (header: string): string => header.replace(/(Nats-Time-Stamp): \S+/, "$1: <time>");
