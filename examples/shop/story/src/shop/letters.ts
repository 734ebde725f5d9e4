import { z } from "zod";
import type { Order, Ordered } from "./order.js";

/** What became of the letters about the orders that were placed. */
export interface LettersTally {
  /** How many there should be. */
  readonly owed: number;
  readonly written: number;
  /** Among the dead letters of notifications. */
  readonly dead: number;
  /** Whether orders said of any that it is kept. If not, nothing here can keep one. */
  readonly anyKept: boolean;
}

const address = "notifications.orderPlaced";
const letterWritten = z.object({ address: z.literal(address), order: z.string() });
const letterDead = z.object({ address: z.literal(address), msg: z.literal("a letter is dead"), letter: z.string() });

/** The letters that customers were promised, beside those that notifications has written, as its log says. */
export class Letters {
  readonly #promised = new Set<string>();
  readonly #log: () => string;
  #anyKept = false;

  /** @param log of notifications. */
  constructor(log: () => string) {
    this.#log = log;
  }

  /** Notes what came of an order. */
  note({ id }: Order, { letter }: Ordered): void {
    if (letter === undefined) return;
    this.#promised.add(id);
    if (letter === "kept") this.#anyKept = true;
  }

  get tally(): LettersTally {
    const lines = this.#log().split("\n").map(parsed);
    const count = (ids: readonly string[]): number => new Set(ids.filter((id) => this.#promised.has(id))).size;
    const written = lines.flatMap((line) => letterWritten.safeParse(line).data?.order ?? []);
    const dead = lines.flatMap((line) => letterDead.safeParse(line).data?.letter ?? []);
    return { owed: this.#promised.size, written: count(written), dead: count(dead), anyKept: this.#anyKept };
  }

  /** Whether each has come, or is dead; or none can be kept here. */
  get allCame(): boolean {
    const { owed, written, dead, anyKept } = this.tally;
    return anyKept ? written + dead === owed : written + dead === 0;
  }
}

/** The log's last line may not be whole. */
function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
