import { closeSync, fsyncSync, ftruncateSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";

/** What happened, and bytes that belong to it. */
export interface Entry {
  readonly what: object;
  readonly bytes: Buffer;
}

/** Length of the rest, checksum of the rest, length of the JSON. */
const head = 12;
const nothing = Buffer.alloc(0);
/** A smaller journal is not worth writing anew. */
const leastSize = 16_777_216;

/**
 * What happened, in a file, entry by entry. Whatever kills the process leaves all entries that `write()` was done with,
 * and perhaps a part of one more.
 *
 * JOURNAL-1 When `write()` returns, the operating system has the entry, or `failed` is set and stays so.
 * JOURNAL-2 What follows the first entry that is not whole is cut off when the file is opened.
 * JOURNAL-3 Writing the journal anew replaces it at once, or not at all.
 */
export class Journal {
  readonly #path: string;
  #file: number;
  #size: number;
  /** Its size when it had nothing superfluous. */
  #bare: number;
  failed = false;

  private constructor(path: string, file: number, size: number) {
    this.#path = path;
    this.#file = file;
    this.#size = size;
    this.#bare = size;
  }

  /** Opens the journal in a folder, which is made if need be. @param restore gets each entry. */
  static open(folder: string, restore: (entry: Entry) => void): Journal {
    mkdirSync(folder, { recursive: true });
    const path = join(folder, "journal");
    const file = openSync(path, "a+");
    const size = readAll(readFileSync(path), restore);
    ftruncateSync(file, size);
    return new Journal(path, file, size);
  }

  /** Whether most of it is superfluous by now. */
  get overgrown(): boolean {
    return !this.failed && this.#size > leastSize && this.#size > 2 * this.#bare;
  }

  write(what: object, bytes: Buffer = nothing): void {
    if (this.failed) return;
    try {
      this.#size += writeAll(this.#file, encode(what, bytes));
    } catch {
      this.failed = true; // JOURNAL-1, JOURNAL-2: half an entry is cut off when it is opened.
    }
  }

  /** Replaces it by entries that say the same. */
  rewrite(entries: Iterable<Entry>): void {
    try {
      const file = openSync(`${this.#path}.new`, "a+");
      ftruncateSync(file);
      let size = 0;
      for (const { what, bytes } of entries) size += writeAll(file, encode(what, bytes));
      fsyncSync(file);
      renameSync(`${this.#path}.new`, this.#path);
      closeSync(this.#file);
      this.#file = file;
      this.#size = size;
    } catch {
      // There is no room for another one: it goes on with this one, until it has doubled again.
    }
    this.#bare = this.#size;
  }

  close(): void {
    fsyncSync(this.#file);
    closeSync(this.#file);
    this.failed = true;
  }
}

function encode(what: object, bytes: Buffer): Buffer {
  const json = Buffer.from(JSON.stringify(what));
  const entry = Buffer.concat([Buffer.alloc(head), json, bytes]);
  entry.writeUInt32LE(json.length, 8);
  entry.writeUInt32LE(entry.length - 8, 0);
  entry.writeUInt32LE(crc32(entry.subarray(8)), 4);
  return entry;
}

function writeAll(file: number, bytes: Buffer): number {
  for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
  return bytes.length;
}

/** Reads all whole entries, and returns where they end. */
function readAll(bytes: Buffer, restore: (entry: Entry) => void): number {
  let at = 0;
  while (at + head <= bytes.length) {
    const end = at + 8 + bytes.readUInt32LE(at);
    if (end > bytes.length || end < at + head) break;
    if (crc32(bytes.subarray(at + 8, end)) !== bytes.readUInt32LE(at + 4)) break;
    const middle = at + head + bytes.readUInt32LE(at + 8);
    restore({ what: JSON.parse(bytes.toString("utf8", at + head, middle)), bytes: bytes.subarray(middle, end) });
    at = end;
  }
  return at;
}
