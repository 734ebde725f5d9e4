import { appendFileSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A call or a cast that its caller is about to make. */
export interface Begun {
  readonly type: "begun";
  readonly id: string;
  readonly how: "once" | "repeated" | "tell";
}

/** How it ended for its caller. A cast ends only if it becomes a dead letter. */
export interface Ended {
  readonly type: "ended";
  readonly id: string;
  /** Such as `ok` or `timeout/maybe`. */
  readonly outcome: string;
  readonly delivered: string;
  /** The worker that answered, by its own answer. */
  readonly by?: string;
  readonly ms: number;
}

/** A worker's handler has started. */
export interface Started {
  readonly type: "started";
  readonly id: string;
  readonly by: string;
}

export type Record = Begun | Ended | Started;

/** Returns a function that keeps a record, even if this process is killed right after. */
export function keeper<R = Record>(folder: string, name: string): (record: R) => void {
  const file = join(folder, `${name}.jsonl`);
  return (record) => appendFileSync(file, `${JSON.stringify(record)}\n`);
}

/** All records of a folder, without those that a kill has cut off. */
export function recordsIn<R = Record>(folder: string): R[] {
  const lines = readdirSync(folder).flatMap((name) => readFileSync(join(folder, name), "utf8").split("\n"));
  return lines.filter((line) => line.startsWith("{") && line.endsWith("}")).map((line) => JSON.parse(line));
}
