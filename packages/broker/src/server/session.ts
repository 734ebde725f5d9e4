import { connect } from "../commands/connect.js";
import { checkPublication, publish } from "../commands/publish.js";
import { subscribe } from "../commands/subscribe.js";
import { unsubscribe } from "../commands/unsubscribe.js";
import type { Connection } from "../connection/connection.js";
import { decode, infoShape } from "../wire/json.js";
import { type Operations, Parser } from "../wire/parser.js";
import { Publication } from "../wire/publication.js";
import type { Verb } from "../wire/verbs.js";
import { fatal, Violation } from "../wire/violation.js";

const noPayload = -1;
const upperC = 67;
const lowerC = 99;

/** Dispatches a client's operations from the parser to the commands. */
export class Session implements Operations {
  readonly #connection: Connection;
  readonly #publication = new Publication();
  readonly #parser: Parser;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#parser = new Parser(this, connection.shared.settings.maxControlLine);
  }

  /** Reads the next bytes from the client. A protocol violation ends the connection. */
  receive(chunk: Buffer): void {
    if (this.#connection.closed) return;
    try {
      this.#parser.feed(chunk);
      this.#connection.holdUnfinished(this.#parser.held);
      if (!this.#parser.awaitsPayload) this.#publication.forget();
    } catch (error) {
      if (!(error instanceof Violation)) throw error;
      if (error.reply === undefined) this.#connection.close();
      else this.#connection.end(error.reply);
    }
  }

  begin(firstByte: number): void {
    if (!this.#connection.awaitsAuth || firstByte === upperC || firstByte === lowerC) return;
    throw new Violation(fatal.authorization);
  }

  line(verb: Verb, bytes: Buffer, start: number, end: number): number {
    switch (verb) {
      case "PUB":
        return this.#startPublication(this.#publication.readPub(bytes, start, end));
      case "HPUB":
        if (!this.#connection.options.headers) throw new Violation();
        return this.#startPublication(this.#publication.readHpub(bytes, start, end));
      case "HMSG":
        this.#publication.readNothing();
        return 0;
      default:
        this.#control(verb, bytes, start, end);
        return noPayload;
    }
  }

  payload(bytes: Buffer, start: number, end: number): void {
    this.#publication.carry(bytes, start, end);
    publish(this.#connection, this.#publication);
  }

  bare(verb: Verb): void {
    if (verb === "PING") this.#ping();
    else if (verb === "PONG") this.#connection.heartbeat.ponged();
  }

  #control(verb: Verb, bytes: Buffer, start: number, end: number): void {
    if (verb === "SUB") subscribe(this.#connection, bytes, start, end);
    else if (verb === "UNSUB") unsubscribe(this.#connection, bytes, start, end);
    else if (verb === "CONNECT") connect(this.#connection, bytes, start, end);
    // An error reported by a client ends its connection, but the operations in the same chunk still count.
    else if (verb === "-ERR") this.#connection.close();
    else if (decode(infoShape, bytes.subarray(start, end)) === undefined) throw new Violation();
  }

  #startPublication(readable: boolean): number {
    if (!readable) throw new Violation();
    checkPublication(this.#connection, this.#publication);
    return this.#publication.size;
  }

  #ping(): void {
    this.#connection.send("PONG\r\n");
    this.#connection.heartbeat.pinged();
    if (this.#connection.introduced) this.#connection.settled = true;
  }
}
