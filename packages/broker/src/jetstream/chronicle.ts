import type { ConsumerConfig } from "./consumer-config.js";
import type { Journal } from "./journal.js";
import type { ProgressImage } from "./progress.js";
import type { StoredMessage } from "./stored-message.js";
import type { StreamConfig } from "./stream-config.js";

/** Everything that happens to streams and consumers and must outlive the process. */
export type Happening =
  | { readonly op: "stream"; readonly config: StreamConfig; readonly created: number }
  | { readonly op: "stream gone" | "consumer gone"; readonly stream: string; readonly consumer?: string }
  | { readonly op: "message"; readonly stream: string; readonly message: MessageHead }
  | { readonly op: "skipped"; readonly stream: string }
  | { readonly op: "removed" | "compacted" | "last"; readonly stream: string; readonly sequence: number }
  | {
      readonly op: "consumer";
      readonly stream: string;
      readonly consumer: string;
      readonly config: ConsumerConfig;
      readonly created: number;
    }
  | (About & { readonly op: "delivered"; readonly sequence: number; readonly next: number; readonly count: number })
  | (About & { readonly op: "acknowledged"; readonly sequence: number; readonly delivery: number })
  | (About & { readonly op: "progress"; readonly image: ProgressImage; readonly firsts: readonly number[] });

interface About {
  readonly stream: string;
  readonly consumer: string;
}

/** A message without its bytes. */
export type MessageHead = Pick<StoredMessage, "sequence" | "subject" | "at" | "headerSize" | "size">;

export const headOf = ({ sequence, subject, at, headerSize, size }: StoredMessage): MessageHead => ({
  sequence,
  subject,
  at,
  headerSize,
  size,
});

/** Writes down what happens, if there is a journal, and not while what it says is restored. */
export class Chronicle {
  journal: Journal | undefined;
  readonly #overgrown: () => void;

  /** @param overgrown is called when the journal is worth writing anew. */
  constructor(overgrown: () => void) {
    this.#overgrown = overgrown;
  }

  /** Whether nothing more can be written down. */
  get broken(): boolean {
    return this.journal?.failed ?? false;
  }

  tell(happening: Happening, bytes?: Buffer): void {
    const { journal } = this;
    if (journal === undefined) return;
    journal.write(happening, bytes);
    if (journal.overgrown) this.#overgrown();
  }
}
