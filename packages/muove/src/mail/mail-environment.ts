import type { ApiTransport } from "../jetstream/api.js";
import type { StoreQueue } from "../letters/store-queue.js";
import type { Stores } from "../letters/stores.js";

/** What operating kept mail needs from its bus. */
export interface MailEnvironment extends ApiTransport {
  readonly storeQueue: StoreQueue;
  readonly stores: Stores;
}
