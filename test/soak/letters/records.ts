// What is known of letters. All times are in ms since the epoch, on the clock of this machine.

/** A letter that its sender is about to send, for the first time or again. */
export interface Begun {
  readonly type: "begun";
  readonly id: string;
  readonly at: number;
}

/** What its sender was told of it. */
export interface Receipt {
  readonly type: "receipt";
  readonly id: string;
  /** `unavailable` is `no` or `maybe`, by what it says of its delivery. */
  readonly said: "stored" | "no" | "maybe";
  readonly reason?: string;
  readonly at: number;
}

/** A handler began with it. */
export interface Started {
  readonly type: "started";
  readonly id: string;
  /** The member that it runs in. */
  readonly owner: string;
  /** One run of the handler. */
  readonly run: string;
  readonly attempt: number;
  readonly at: number;
}

/** The handler is about to end so. `aborted`: its signal told it to. */
export interface Finished {
  readonly type: "finished";
  readonly id: string;
  readonly run: string;
  readonly how: "handled" | "failed" | "later" | "buried" | "aborted";
  readonly at: number;
}

/** It lies among the dead letters. */
export interface Dead {
  readonly type: "dead";
  readonly id: string;
  readonly reason: string;
  readonly at: number;
}

/**
 * Something happened to a member, to the store (`NATS`) or to all (`everyone`).
 *
 * - `killed` or `ended`: the process was, and another one runs in its place. `stood still`: it did nothing. `cut`: what it
 *   sent, or what was sent to it, may be lost.
 */
export interface Trouble {
  readonly type: "trouble";
  readonly what: "killed" | "ended" | "stood still" | "cut";
  readonly of: string;
  readonly from: number;
  readonly to: number;
}

/** A member has a connection, for the first time or again. */
export interface Connected {
  readonly type: "connected";
  readonly of: string;
  readonly at: number;
}

export type LetterRecord = Begun | Receipt | Started | Finished | Dead | Trouble | Connected;
