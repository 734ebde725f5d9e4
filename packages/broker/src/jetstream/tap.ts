import type { Recipient } from "../routing/recipient.js";
import type { Router } from "../routing/router.js";
import { Subscription } from "../routing/subscription.js";
import type { Publication } from "../wire/publication.js";

/** Takes a message. False: it is for nobody here. */
export type Take = (publication: Publication) => boolean;

/** A subscription of the broker itself. */
export class Tap implements Recipient {
  readonly echoes = true;
  readonly #router: Router;
  readonly #take: Take;
  readonly #subscription: Subscription;

  private constructor(router: Router, subject: string, take: Take) {
    this.#router = router;
    this.#take = take;
    this.#subscription = new Subscription(this, subject, undefined, "0");
  }

  /** Undefined: there is no room for one more subscription. */
  static open(router: Router, subject: string, take: Take): Tap | undefined {
    const tap = new Tap(router, subject, take);
    return router.hasRoomFor(tap.#subscription) && router.add(tap.#subscription) ? tap : undefined;
  }

  close(): void {
    this.#router.remove(this.#subscription);
  }

  deliver(_from: Recipient, publication: Publication): boolean {
    return this.#take(publication);
  }

  withholds(): boolean {
    return false;
  }

  unsubscribe(): void {}

  waitFor(): void {}
}
