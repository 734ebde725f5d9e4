import { plainText } from "@muove/contract/internal";
import type { Logger } from "../base/logger.js";
import type { LinkObserver } from "../link/index.js";
import type { BusEmitter } from "../outcome/bus-events.js";
import { subjectKind } from "../wire/subject-kind.js";
import { isServiceApiSubject } from "../wire/subjects.js";
import type { Core, Parts } from "./parts.js";

/** Our own subjects are shorter; reply subjects of others may not be. */
const maxSubjectLength = 1_024;

/** Handles the reports of the link: logs them, emits events, and informs the other parts. */
export function observer(parts: () => Parts): LinkObserver {
  const core = (): Core => parts().core;
  return {
    up(server) {
      core().log.info({ server }, "connected to NATS");
      parts().casts.connected();
      core().storeQueue.connected();
      for (const letterbox of parts().letterboxes) letterbox.connected();
      parts().watches.connected();
      core().events.emit("connected", { server });
    },
    down(why) {
      core().inbox.lost();
      parts().watches.disconnected();
      for (const letterbox of parts().letterboxes) letterbox.disconnected();
      if (why.reason === "closed") return;
      core().log.warn({ reason: why.reason, err: why.error }, "lost the connection to NATS; reconnecting");
      core().events.emit("disconnected", why);
    },
    dialFailed(error, attempt, kind) {
      logFailure(core(), error, attempt, kind);
      core().events.emit("connectFailed", { error, attempt, kind });
    },
    forbidden({ operation, subject }) {
      if (isServiceApiSubject(subject)) return core().discovery.refused();
      const text = "NATS permissions refuse a subject";
      const fields = { operation, subject: plainText(subject, maxSubjectLength) };
      core().limitedLog.warn(`${operation} ${subjectKind(core().prefix, subject)}`, () => fields, text);
      if (operation === "publish") core().inbox.publishForbidden(subject);
      core().events.emit("forbidden", fields);
    },
    lameDuck(server) {
      core().log.info({ server }, "the NATS server is shutting down; moving to another one");
      core().events.emit("lameDuck", { server });
    },
    fault(error, subject) {
      const text = "failed to receive a message";
      core().limitedLog.error(`fault ${subject ?? ""}`, () => ({ err: error, subject }), text);
    },
  };
}

/** Logs and emits that a circuit opened or closed. */
export function announceCircuit(log: Logger, events: BusEmitter, address: string, open: boolean): void {
  if (open) log.warn({ message: address }, "circuit opened: calls to it keep timing out");
  else log.info({ message: address }, "circuit closed: it answers again");
  events.emit(open ? "circuitOpened" : "circuitClosed", { address });
}

/** Logs the 1st, 10th, 100th, … attempt as a warning, the others at debug. */
function logFailure({ log }: Core, error: Error, attempt: number, kind: string): void {
  const notable = Number.isInteger(Math.log10(attempt));
  const text =
    kind === "credentials"
      ? "NATS refused the credentials, or they are not available; retrying"
      : "cannot connect to NATS; running without it, and retrying";
  log[notable ? "warn" : "debug"]({ kind, attempt, reason: plainText(error.message), ...causeOf(error) }, text);
}

function causeOf({ cause }: Error): { readonly cause?: string } {
  return cause instanceof Error ? { cause: plainText(cause.message) } : {};
}
