import { plainText } from "@muove/contract/internal";
import type { Logger } from "pino";
import type { LinkObserver } from "../link/index.js";
import type { BusEmitter } from "../outcome/bus-events.js";
import { subjectKind } from "../wire/subject-kind.js";
import { isQuestionSubject } from "../wire/subjects.js";
import type { Core, Parts } from "./parts.js";

/** Ours are shorter; what others make of a reply subject need not be. */
const longestSubject = 1_024;

/** What a bus does when its link has something to report. */
export function observer(parts: () => Parts): LinkObserver {
  const core = (): Core => parts().core;
  return {
    up(server) {
      core().log.info({ server }, "connected to NATS");
      parts().casts.connected();
      parts().watches.connected();
      core().events.emit("connected", { server });
    },
    down(why) {
      core().inbox.lost();
      parts().watches.disconnected();
      if (why.reason === "closed") return;
      core().log.warn({ reason: why.reason, err: why.error }, "lost the connection to NATS; dialling again");
      core().events.emit("disconnected", why);
    },
    dialFailed(error, attempt, kind) {
      logFailure(core(), error, attempt, kind);
      core().events.emit("connectFailed", { error, attempt, kind });
    },
    forbidden({ operation, subject }) {
      if (isQuestionSubject(subject)) return core().discovery.refused();
      const text = "the permissions of this service's NATS user refuse a subject";
      const told = { operation, subject: plainText(subject, longestSubject) };
      core().limitedLog.warn(`${operation} ${subjectKind(core().prefix, subject)}`, () => told, text);
      if (operation === "publish") core().inbox.publishForbidden(subject);
      core().events.emit("forbidden", told);
    },
    lameDuck(server) {
      core().log.info({ server }, "the NATS server is going; moving to another one");
      core().events.emit("lameDuck", { server });
    },
    fault(error, subject) {
      const text = "something failed while a message was taken";
      core().limitedLog.error(`fault ${subject ?? ""}`, () => ({ err: error, subject }), text);
    },
  };
}

/** An address began to be spared, or is in use again. */
export function announceCircuit(log: Logger, events: BusEmitter, address: string, open: boolean): void {
  if (open) log.warn({ message: address }, "an address only times out; it is spared, and tried now and then");
  else log.info({ message: address }, "an address answers again");
  events.emit(open ? "circuitOpened" : "circuitClosed", { address });
}

/** One line when it begins, and one now and then while it lasts: the 1st, 10th, 100th, … attempt. */
function logFailure({ log }: Core, error: Error, attempt: number, kind: string): void {
  const notable = Number.isInteger(Math.log10(attempt));
  const text =
    kind === "credentials"
      ? "the credentials for NATS were refused, or could not be had; trying again, forever"
      : "cannot connect to NATS; trying again, forever, and serving without it";
  log[notable ? "warn" : "debug"]({ kind, attempt, reason: plainText(error.message), ...causeOf(error) }, text);
}

function causeOf({ cause }: Error): { readonly cause?: string } {
  return cause instanceof Error ? { cause: plainText(cause.message) } : {};
}
