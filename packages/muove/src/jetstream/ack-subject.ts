/** What the reply subject of a delivered letter says of it. */
export interface DeliveryFigures {
  readonly stream: string;
  readonly consumer: string;
  /** How often the server has delivered it, this time included. */
  readonly delivered: number;
  /** Its sequence in the stream. */
  readonly sequence: number;
  /** When it was stored, in ms since the epoch, on the server's clock. */
  readonly storedAt: number;
  /** The same in ns, as the server writes it. Only who is given the letter knows it. */
  readonly stored: string;
  /** How many more letters waited for the consumer. */
  readonly pending: number;
}

/** `$JS.ACK.<stream>.<consumer>.…`, and `$JS.ACK.<domain>.<account>.<stream>.<consumer>.…` (ADR-15). */
const shortForm = 9;

/** Reads the subject that acknowledges a delivery; `undefined` for any other subject. */
export function readAckSubject(subject: string): DeliveryFigures | undefined {
  if (!subject.startsWith("$JS.ACK.")) return undefined;
  const tokens = subject.split(".");
  const at = tokens.length === shortForm ? 2 : 4;
  const { [at]: stream, [at + 1]: consumer, [at + 5]: stored = "" } = tokens;
  const [delivered, sequence] = [Number(tokens[at + 2]), Number(tokens[at + 3])];
  const [nanoseconds, pending] = [Number(stored), Number(tokens[at + 6])];
  if (stream === undefined || consumer === undefined) return undefined;
  if (!(delivered >= 0 && sequence >= 0 && nanoseconds >= 0 && pending >= 0)) return undefined;
  return { stream, consumer, delivered, sequence, storedAt: Math.floor(nanoseconds / 1e6), stored, pending };
}
