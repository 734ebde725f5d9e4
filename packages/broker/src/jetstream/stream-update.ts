import { streamRefusals } from "./api-error.js";
import type { StreamConfig } from "./stream-config.js";

const { invalid } = streamRefusals;

/** Checks a change of a stream's configuration, and returns what it changes to. @throws ApiError */
export function updatedConfig(old: StreamConfig, changed: StreamConfig): StreamConfig {
  if (changed.max_consumers !== old.max_consumers) {
    throw invalid("stream configuration update can not change MaxConsumers");
  }
  if (changed.storage !== old.storage) throw invalid("stream configuration update can not change storage type");
  const queues = old.retention === "workqueue" || changed.retention === "workqueue";
  if (queues && changed.retention !== old.retention) {
    throw invalid("stream configuration update can not change retention policy to/from workqueue");
  }
  checkPromises(old, changed);
  if (changed.num_replicas > 1) throw streamRefusals.replicas();
  return changed.sealed ? sealed(changed) : changed;
}

/** What a stream has promised never to allow. */
function checkPromises(old: StreamConfig, changed: StreamConfig): void {
  if (old.sealed && !changed.sealed) throw invalid("stream configuration update can not unseal a sealed stream");
  if (old.deny_delete && !changed.deny_delete) {
    throw invalid("stream configuration update can not cancel deny message deletes");
  }
  if (old.deny_purge && !changed.deny_purge) throw invalid("stream configuration update can not cancel deny purge");
}

const sealed = (config: StreamConfig): StreamConfig => ({
  ...config,
  max_age: 0,
  discard: "new",
  deny_delete: true,
  deny_purge: true,
  allow_rollup_hdrs: false,
});
