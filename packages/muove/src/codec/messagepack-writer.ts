import { bigintType, bytesOfBigint, mapType, setType } from "./extensions.js";
import { timestampBytes, timestampType } from "./timestamp.js";
import { Unencodable } from "./unencodable.js";

// Invariants:
// MESSAGEPACK-WRITER-1 A returned payload is never written to again: the next one continues after it, in the same slab or
//   in a new one.
// MESSAGEPACK-WRITER-2 A small payload that is kept retains one slab of at most `large` bytes, shared with its
//   neighbours, like small Buffers in Node's pool. (A separate buffer for each would cost as much as the encoding.) A
//   large payload has a buffer of exactly its size.
// MESSAGEPACK-WRITER-3 A payload holds nothing of another one, even if a getter of its value encodes something itself.
const slab = 8 * 1024;
const large = 64 * 1024;

/** Up to this many characters a loop is faster than a call of Node's. */
const shortText = 24;
/** From this many characters on, their bytes are counted before there is room for them. */
const longText = 1024;
const mostBytesPerCharacter = 3;

/** The head of an extension is never longer than this, its type included. */
const longestHead = 6;

/** Nobody is writing with it. */
let idle: Writer | undefined;

/**
 * Writes a value that {@link plain} returned for MessagePack, in the shortest form of its type.
 *
 * Integers up to 32 bits take their shortest form; other numbers are 64-bit floats. A payload that is just an integer
 * from 0 to 127 takes two bytes instead of one, so that its first byte is never one that JSON can start with.
 */
export function writeMessagePack(value: unknown): Uint8Array {
  const writer = idle ?? new Writer();
  idle = undefined; // MESSAGEPACK-WRITER-3
  try {
    return writer.payload(value);
  } finally {
    idle = writer;
  }
}

class Writer {
  #bytes = Buffer.allocUnsafeSlow(slab);
  /** Where this payload starts, and where it goes on. */
  #from = 0;
  #at = 0;

  payload(value: unknown): Uint8Array {
    this.#from = this.#at;
    if (typeof value === "number" && value >= 0 && value < 0x80 && Number.isInteger(value)) this.#byte(0xcc);
    this.#value(value);
    return this.#bytes.length > large ? this.#onItsOwn() : this.#view();
  }

  #view(): Uint8Array {
    return new Uint8Array(this.#bytes.buffer, this.#from, this.#at - this.#from);
  }

  /** MESSAGEPACK-WRITER-2 */
  #onItsOwn(): Uint8Array {
    const payload = new Uint8Array(this.#view());
    this.#bytes = Buffer.allocUnsafeSlow(slab);
    this.#at = 0;
    return payload;
  }

  #value(value: unknown): void {
    switch (typeof value) {
      case "string":
        return this.#text(value);
      case "number":
        return this.#number(value);
      case "boolean":
        return this.#byte(value ? 0xc3 : 0xc2);
      case "bigint":
        return this.#extension(bigintType, bytesOfBigint(value));
      case "object":
        return value === null ? this.#byte(0xc0) : this.#object(value);
      default:
        throw new Unencodable("a getter that gave something else before", []);
    }
  }

  #object(value: object): void {
    if (Object.getPrototypeOf(value) === Object.prototype) return this.#map(value as Record<string, unknown>);
    if (Array.isArray(value)) return this.#array(value);
    if (value instanceof Uint8Array) return this.#binary(value);
    if (value instanceof Date) return this.#extension(timestampType, timestampBytes(value));
    if (value instanceof Map) return this.#arrayIn(mapType, [...value].flat());
    if (value instanceof Set) return this.#arrayIn(setType, [...value]);
    return this.#map(value as Record<string, unknown>);
  }

  #map(object: Readonly<Record<string, unknown>>): void {
    const keys = Object.keys(object);
    if (keys.length < 0x10) this.#byte(0x80 | keys.length);
    else this.#wideHead(0xde, keys.length);
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i] as string;
      this.#text(key);
      this.#value(object[key]);
    }
  }

  #array(array: readonly unknown[]): void {
    const { length } = array;
    if (length < 0x10) this.#byte(0x90 | length);
    else this.#wideHead(0xdc, length);
    for (let i = 0; i < length; i++) this.#value(array[i]);
  }

  #text(text: string): void {
    if (text.length > shortText || !this.#ascii(text)) this.#utf8(text);
  }

  /** Writes nothing, and returns false, if the text is not ASCII. It is a short one. */
  #ascii(text: string): boolean {
    const { length } = text;
    const head = this.#reserve(1 + length);
    const bytes = this.#bytes;
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      if (code >= 0x80) {
        this.#at = head;
        return false;
      }
      bytes[head + 1 + i] = code;
    }
    bytes[head] = 0xa0 | length;
    return true;
  }

  /** Most text is ASCII, so it is as long as it looks; otherwise it moves to where its head ends. */
  #utf8(text: string): void {
    const most = text.length < longText ? mostBytesPerCharacter * text.length : Buffer.byteLength(text);
    const head = this.#reserve(longestHead + most);
    const guess = head + textHeadSize(text.length);
    const size = this.#bytes.write(text, guess);
    const at = head + textHeadSize(size);
    if (at !== guess) this.#bytes.copyWithin(at, guess, guess + size);
    this.#at = head;
    if (size < 0x20) this.#byte(0xa0 | size);
    else this.#head(0xd9, size);
    this.#at = at + size;
  }

  #number(value: number): void {
    if (value >>> 0 === value) this.#unsigned(value);
    else if ((value | 0) === value) this.#negative(value);
    else {
      const at = this.#reserve(9);
      this.#bytes[at] = 0xcb;
      this.#bytes.writeDoubleBE(value, at + 1);
    }
  }

  #unsigned(value: number): void {
    if (value < 0x80) this.#byte(value);
    else this.#head(0xcc, value);
  }

  #negative(value: number): void {
    if (value >= -0x20) this.#byte(value & 0xff);
    else if (value >= -0x80) this.#uint8(0xd0, value & 0xff);
    else if (value >= -0x8000) this.#uint16(0xd1, value & 0xffff);
    else this.#uint32(0xd2, value);
  }

  #binary(bytes: Uint8Array): void {
    this.#head(0xc4, bytes.length);
    const at = this.#reserve(bytes.length);
    this.#bytes.set(bytes, at);
  }

  #extension(type: number, content: Uint8Array): void {
    this.#extensionHead(type, content.length);
    const at = this.#reserve(content.length);
    this.#bytes.set(content, at);
  }

  /** An extension whose content is one array. Its head is known last, so the content is moved to where that ends. */
  #arrayIn(type: number, elements: readonly unknown[]): void {
    const head = this.#reserve(longestHead) - this.#from;
    this.#array(elements);
    const end = this.#at;
    const content = this.#from + head + longestHead;
    this.#at = this.#from + head;
    this.#extensionHead(type, end - content);
    this.#bytes.copyWithin(this.#at, content, end);
    this.#at += end - content;
  }

  #extensionHead(type: number, size: number): void {
    const power = [1, 2, 4, 8, 16].indexOf(size);
    if (power === -1) this.#head(0xc7, size);
    else this.#byte(0xd4 + power);
    this.#byte(type & 0xff);
  }

  /** A head that is followed by a number of 1, 2 or 4 bytes; `first` is the one for 1. */
  #head(first: number, size: number): void {
    if (size < 0x100) this.#uint8(first, size);
    else this.#wideHead(first + 1, size);
  }

  /** A head that is followed by a number of 2 or 4 bytes; `first` is the one for 2. */
  #wideHead(first: number, size: number): void {
    if (size < 0x10000) this.#uint16(first, size);
    else this.#uint32(first + 1, size);
  }

  #byte(byte: number): void {
    const at = this.#reserve(1);
    this.#bytes[at] = byte;
  }

  #uint8(head: number, value: number): void {
    const at = this.#reserve(2);
    this.#bytes[at] = head;
    this.#bytes[at + 1] = value;
  }

  #uint16(head: number, value: number): void {
    const at = this.#reserve(3);
    this.#bytes[at] = head;
    this.#bytes[at + 1] = value >>> 8;
    this.#bytes[at + 2] = value & 0xff;
  }

  #uint32(head: number, value: number): void {
    const at = this.#reserve(5);
    this.#bytes[at] = head;
    this.#bytes[at + 1] = value >>> 24;
    this.#bytes[at + 2] = (value >>> 16) & 0xff;
    this.#bytes[at + 3] = (value >>> 8) & 0xff;
    this.#bytes[at + 4] = value & 0xff;
  }

  /** Makes room for `size` bytes and returns where they go. */
  #reserve(size: number): number {
    if (this.#at + size > this.#bytes.length) this.#grow(size);
    const at = this.#at;
    this.#at = at + size;
    return at;
  }

  #grow(size: number): void {
    const written = this.#view();
    this.#bytes = Buffer.allocUnsafeSlow(Math.max(slab, 2 * (written.length + size)));
    this.#bytes.set(written);
    this.#from = 0;
    this.#at = written.length;
  }
}

function textHeadSize(size: number): number {
  if (size < 0x20) return 1;
  if (size < 0x100) return 2;
  return size < 0x10000 ? 3 : 5;
}
