import { plainText } from "@muove/contract/internal";
import type { Logger } from "../base/logger.js";
import type { LinkObserver, RefusalReason } from "../link/index.js";
import type { BusEmitter } from "../outcome/bus-events.js";
import { subjectKind } from "../wire/subject-kind.js";
import { isServiceApiSubject } from "../wire/subjects.js";
import type { Core, Parts } from "./parts.js";

/** Our own subjects are shorter; reply subjects of others may not be. */
const maxSubjectLength = 1_024;

/** Handles the reports of the link: logs them, emits events, and informs the other parts. */
export function observer(parts: () => Parts): LinkObserver {
  const core = (): Core => parts().core;
  /** The kinds of failed dials that were logged since the last connection. */
  const logged = new Set<string>();
  return {
    up(server) {
      logged.clear();
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
      const notable = !logged.has(kind) || Number.isInteger(Math.log10(attempt));
      logged.add(kind);
      logFailure(core(), notable, error, attempt, kind);
      core().events.emit("connectFailed", { error, attempt, kind });
    },
    forbidden({ operation, subject, reason }) {
      if (isServiceApiSubject(subject)) return core().discovery.refused(subject, reason);
      const fields = { operation, subject: plainText(subject, maxSubjectLength) };
      logRefusal(core(), fields, reason);
      if (operation === "publish") core().inbox.publishForbidden(subject);
      else core().inbox.subscriptionRefused(subject);
      core().events.emit("forbidden", { ...fields, reason });
    },
    allowed({ subject }) {
      if (isServiceApiSubject(subject)) return core().discovery.allowed(subject);
      core().limitedLog.info("allowed", () => ({ subject }), "NATS takes a subscription that it had refused");
      core().events.emit("allowed", { subject });
    },
    lameDuck(server) {
      core().log.info({ server }, "the NATS server is shutting down; moving to another one");
      core().events.emit("lameDuck", { server });
    },
    owes: (origin) => core().answers.due(origin),
    fault(error, subject) {
      const text = "failed to receive a message";
      core().limitedLog.error(`fault ${subject ?? ""}`, () => ({ err: error, subject }), text);
    },
  };
}

/** At a limit there is one line for all that is refused at once. */
function logRefusal(core: Core, fields: { operation: string; subject: string }, reason: RefusalReason): void {
  const { limitedLog, prefix } = core;
  if (reason === "limit") {
    const text = "NATS refuses a subscription: this connection has as many as it may have";
    limitedLog.warn("limit", () => ({ subject: fields.subject }), text);
  } else {
    const kind = `${fields.operation} ${subjectKind(prefix, fields.subject)}`;
    limitedLog.warn(kind, () => fields, "NATS permissions refuse a subject");
  }
}

/** Logs and emits that a circuit opened or closed. */
export function announceCircuit(log: Logger, events: BusEmitter, address: string, open: boolean): void {
  if (open) log.warn({ address }, "circuit opened: calls to it keep timing out");
  else log.info({ address }, "circuit closed: it answers again");
  events.emit(open ? "circuitOpened" : "circuitClosed", { address });
}

/** Logs what is notable as a warning, the rest at debug. */
function logFailure({ log, link }: Core, notable: boolean, error: Error, attempt: number, kind: string): void {
  const fields = { kind, attempt, reason: plainText(error.message), ...causeOf(error) };
  log[notable ? "warn" : "debug"](fields, failureText(kind, link.up));
}

function failureText(kind: string, up: boolean): string {
  if (kind === "credentials") return "NATS refused the credentials, or they are not available; retrying";
  if (up) return "cannot connect to another NATS server yet; retrying";
  return "cannot connect to NATS; running without it, and retrying";
}

function causeOf({ cause }: Error): { readonly cause?: string } {
  return cause instanceof Error ? { cause: plainText(cause.message) } : {};
}
