import { appendFileSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A call, or a cast, as its caller is about to make it. */
export interface Begun {
  readonly type: "begun";
  readonly id: string;
  readonly how: "once" | "repeated" | "tell";
}

/** How it ended for its caller. A cast ends as a dead letter, or as nothing. */
export interface Ended {
  readonly type: "ended";
  readonly id: string;
  /** Such as `ok` or `timeout/maybe`. */
  readonly outcome: string;
  readonly delivered: string;
  /** Which worker says that it has answered. */
  readonly by?: string;
  readonly ms: number;
}

/** A worker's handler began to run. */
export interface Started {
  readonly type: "started";
  readonly id: string;
  readonly by: string;
}

export type Record = Begun | Ended | Started;

/** Keeps a record so that a kill of this process does not lose it. */
export function keeper(folder: string, name: string): (record: Record) => void {
  const file = join(folder, `${name}.jsonl`);
  return (record) => appendFileSync(file, `${JSON.stringify(record)}\n`);
}

/** All records of a folder; one that a kill has cut off is none. */
export function recordsIn(folder: string): Record[] {
  const lines = readdirSync(folder).flatMap((name) => readFileSync(join(folder, name), "utf8").split("\n"));
  return lines.filter((line) => line.startsWith("{") && line.endsWith("}")).map((line) => JSON.parse(line));
}
