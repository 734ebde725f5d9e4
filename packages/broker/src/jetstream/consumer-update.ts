import { consumerRefusals } from "./api-error.js";
import type { ConsumerConfig } from "./consumer-config.js";

const fixed = [
  ["deliver_policy", "deliver policy"],
  ["opt_start_seq", "start sequence"],
  ["opt_start_time", "start time"],
  ["ack_policy", "ack policy"],
  ["replay_policy", "replay policy"],
  ["max_waiting", "max waiting"],
] as const;

/** Checks a change of a consumer's configuration. @throws ApiError */
export function checkConsumerUpdate(old: ConsumerConfig, changed: ConsumerConfig): void {
  for (const [field, name] of fixed) {
    if (old[field] !== changed[field]) throw consumerRefusals.failed(`${name} can not be updated`);
  }
}
