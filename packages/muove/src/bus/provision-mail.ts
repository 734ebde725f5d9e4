import type { Mailbox } from "@muove/contract";
import { optionProblems, rules } from "@muove/contract/internal";
import { usable } from "../base/contracts.js";
import { InvalidOptions } from "../base/invalid-options.js";
import { JetStreamApi } from "../jetstream/api.js";
import { keepsMail, tooOld } from "../letters/stores.js";
import { mailPlan } from "../letters/streams.js";
import { MailError } from "../mail/mail-error.js";
import { type Provision, provision } from "../mail/provision.js";
import type { Bus } from "./bus.js";
import { connect } from "./connect.js";
import type { ConnectOptions } from "./options.js";
import { coreOfBus } from "./parts.js";

export interface ProvisionOptions {
  /** Only says what it would do. Default false. */
  readonly dryRun?: boolean | undefined;
}

/**
 * Makes the streams and consumers of mailboxes with durable messages what their contracts say, and says what it has
 * changed and what it cannot change. Done again, it changes nothing; it deletes nothing. For NATS with permissions, where no
 * service may do that; and the only thing that changes a stream that exists.
 *
 * @param over a bus, which stays open; or options, for a connection of its own. They must have the `prefix` of the services.
 * @throws InvalidOptions, MailError
 */
export async function provisionMail(
  over: Bus | ConnectOptions,
  mailboxes: readonly Mailbox[],
  options: ProvisionOptions = {},
): Promise<Provision[]> {
  const problems = optionProblems(options, { dryRun: rules.boolean });
  if (problems.length > 0) throw new InvalidOptions("The options of provisionMail()", problems);
  const checked = mailboxes.map((mailbox) => usable(mailbox));
  if (isBus(over)) return provisionOver(over, checked, options);
  await using bus = connect(over);
  return await provisionOver(bus, checked, options);
}

/** Not by `instanceof`: a process may have two copies of this package. */
const isBus = (over: Bus | ConnectOptions): over is Bus => typeof (over as Partial<Bus>).connected === "function";

async function provisionOver(
  bus: Bus,
  mailboxes: readonly Mailbox[],
  { dryRun = false }: ProvisionOptions,
): Promise<Provision[]> {
  const core = bus[coreOfBus];
  if (!(await bus.connected())) throw new MailError("unreachable", "provisioning mail: there is no connection to NATS");
  const { serverVersion } = core.link;
  if (!keepsMail(serverVersion)) throw new MailError("no-store", tooOld(serverVersion ?? ""));
  const done: Provision[] = [];
  for (const mailbox of mailboxes) {
    const plan = mailPlan(core.prefix, mailbox);
    if (plan !== undefined) done.push(await provision(new JetStreamApi(core, plan.domain), plan, dryRun));
  }
  return done;
}
