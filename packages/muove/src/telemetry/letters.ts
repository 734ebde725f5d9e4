import type { Meter } from "@opentelemetry/api";

/** The letters of a mailbox, as JetStream counted them last. */
export interface KeptLetters {
  /** In ms. */
  readonly oldest: number;
  /** By message. */
  readonly messages: Readonly<
    Record<
      string,
      { readonly waiting: number; readonly inWork: number; readonly putAside: number; readonly dead: number }
    >
  >;
}

/** What tells of the mailboxes whose letters this process handles. Several buses may have the same mailbox. */
const open = new Map<() => KeptLetters | undefined, string>();

/** Reports them whenever metrics are collected. Returns a function that stops that. */
export function measureLetters(mailbox: string, letters: () => KeptLetters | undefined): () => void {
  open.set(letters, mailbox);
  return () => void open.delete(letters);
}

/**
 * Creates the instruments. They are gauges: every instance of a mailbox reports the letters of all of them, so that a sum
 * over instances means nothing. An SDK may go on with the last value of a mailbox that this process serves no more.
 */
export function letterGauges(meter: Meter): void {
  const letters = meter.createObservableGauge("muove.mailbox.letters", {
    unit: "{letter}",
    description: "Letters that JetStream keeps, of all instances of a mailbox",
  });
  letters.addCallback((result) => {
    for (const [read, mailbox] of open) {
      for (const [message, { waiting, inWork, putAside, dead }] of Object.entries(read()?.messages ?? {})) {
        const states = { waiting, in_work: inWork, put_aside: putAside, dead };
        for (const [state, count] of Object.entries(states))
          result.observe(count, { "muove.address": `${mailbox}.${message}`, "muove.state": state });
      }
    }
  });
  const oldest = meter.createObservableGauge("muove.mailbox.letters.oldest", {
    unit: "s",
    description: "The age of the oldest letter that is not dead, of all instances of a mailbox",
  });
  oldest.addCallback((result) => {
    for (const [read, mailbox] of open) {
      const figures = read();
      if (figures !== undefined) result.observe(figures.oldest / 1_000, { "muove.mailbox": mailbox });
    }
  });
}
