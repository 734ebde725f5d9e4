/** One way to keep messages until they are handled. Sender and handler run in processes of their own. */
export interface LetterContender {
  /** Handles all letters, each by adding its number to a sum. Resolves when it is ready. */
  handle(url: string): Promise<Handled>;
  /** Connects a sender. Resolves to what stores one letter, and resolves to whether it is known to be stored. */
  connect(url: string): Promise<(letter: Letter) => Promise<boolean>>;
}

/** What the handler has handled so far. */
export type Handled = () => Tally;

export interface Tally {
  readonly count: number;
  /** Of the numbers, to verify that they are the right ones. */
  readonly sum: number;
}

export interface Letter {
  readonly number: number;
  readonly text: string;
}

/** How many letters may be in work at a time, in every contender. */
export const concurrency = 64;

/** A letter of about 100 bytes. */
export const letterOf = (number: number): Letter => ({
  number,
  text: "Your table is booked for tonight at eight, and we look forward to you.",
});
