import type { LinkObserver, SubscriptionName, Violation, WhyDown } from "../../../packages/muove/src/link/index.js";

type Failure = { error: Error; attempt: number; kind: string };

/** An observer that records everything it is told, in order. */
export class Recorder implements LinkObserver {
  readonly log: string[] = [];
  readonly ups: string[] = [];
  readonly downs: WhyDown[] = [];
  readonly failures: Failure[] = [];
  readonly violations: Violation[] = [];
  readonly allowances: string[] = [];
  readonly lameDucks: string[] = [];
  /** Whether it says that answers are due. */
  owing = false;
  /** How often it was asked. */
  asked = 0;
  readonly faults: { error: Error; subject: string | undefined }[] = [];

  up(server: string): void {
    this.log.push("up");
    this.ups.push(server);
  }

  down(why: WhyDown): void {
    this.log.push("down");
    this.downs.push(why);
  }

  dialFailed(error: Error, attempt: number, kind: string): void {
    this.log.push("dialFailed");
    this.failures.push({ error, attempt, kind });
  }

  forbidden(violation: Violation): void {
    this.log.push("forbidden");
    this.violations.push(violation);
  }

  allowed({ subject }: SubscriptionName): void {
    this.log.push("allowed");
    this.allowances.push(subject);
  }

  lameDuck(server: string): void {
    this.log.push("lameDuck");
    this.lameDucks.push(server);
  }

  owes(): boolean {
    this.asked++;
    return this.owing;
  }

  fault(error: Error, subject?: string): void {
    this.log.push("fault");
    this.faults.push({ error, subject });
  }
}
