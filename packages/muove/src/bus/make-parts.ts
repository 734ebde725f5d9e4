import { randomBytes, randomInt } from "node:crypto";
import { pino } from "pino";
import { Deadlines } from "../base/deadlines.js";
import { Events } from "../base/events.js";
import { FairScheduler } from "../base/fair-scheduler.js";
import type { Logger } from "../base/logger.js";
import { RateLimitedLog } from "../base/rate-limited-log.js";
import { CallReports } from "../call/call-reports.js";
import { RetryBudget } from "../call/retry-budget.js";
import { SendSteps } from "../call/send-steps.js";
import { Casts } from "../cast/casts.js";
import { DeadLetters } from "../cast/dead-letters.js";
import type { ClientEnvironment } from "../client/client-environment.js";
import { Clients } from "../client/clients.js";
import { Discovery } from "../discovery/discovery.js";
import { Inbox } from "../inbox/inbox.js";
import { Letters } from "../letters/letters.js";
import { StoreQueue } from "../letters/store-queue.js";
import { Stores } from "../letters/stores.js";
import { Link, type LinkOptions, linkDefaults } from "../link/index.js";
import { MetadataRules } from "../metadata/metadata.js";
import type { BusEvents } from "../outcome/bus-events.js";
import { newCounts } from "../outcome/counts.js";
import { Peers } from "../peers/peer.js";
import { Watches } from "../presence/watches.js";
import { HandlerSteps } from "../serve/handler-steps.js";
import { TransitDelay } from "../serve/transit-delay.js";
import { Answers } from "../wire/answers.js";
import { inboxPrefix } from "../wire/subjects.js";
import { announceCircuit, observer } from "./observer.js";
import type { Settings } from "./options.js";
import type { Core, Parts } from "./parts.js";

/** Puts a bus together, and starts its link when all parts are there. */
export function makeParts(settings: Settings): Parts {
  const core = makeCore(settings, () => parts);
  const deadLetters = new DeadLetters(core.counts, core.events, core.log);
  const casts = new Casts(core, deadLetters, settings.castBuffer);
  const letters = new Letters(core, deadLetters);
  const watches = new Watches(core);
  const parts: Parts = {
    core,
    casts,
    watches,
    letterboxes: new Set(),
    clients: new Clients(clientEnvironment(core, settings), casts, letters, watches),
  };
  if (settings.tls?.insecureSkipVerify) {
    core.log.warn(
      "TLS is not verified (insecureSkipVerify): whoever is on the way to NATS can read and change everything",
    );
  }
  core.link.start();
  return parts;
}

function makeCore(settings: Settings, parts: () => Parts): Core {
  const { service, tags, prefix, encoding, readyWhen } = settings;
  const instance = randomBytes(8).toString("hex");
  const log = makeLogger(settings).child({ service, instance });
  const events = new Events<BusEvents>(log);
  const link = new Link(linkOptions(settings, instance), observer(parts));
  const scheduler = new FairScheduler();
  const counts = newCounts();
  const limitedLog = new RateLimitedLog(log);
  const answers = new Answers(link, counts, limitedLog, settings.replyPrefixes);
  const metadata = new MetadataRules(settings.meta);
  const peers = new Peers((address, open) => announceCircuit(log, events, address, open));
  const inbox = new Inbox(link, inboxPrefix(service, instance));
  const deadlines = new Deadlines();
  return {
    service,
    instance,
    from: `${service}/${instance}`,
    tags,
    prefix,
    encoding,
    link,
    inbox,
    readyWhen,
    events,
    counts,
    log,
    limitedLog,
    peers,
    discovery: new Discovery(link, answers, log, scheduler, {
      service,
      instance,
      prefix,
      tags,
      missing: () => peers.missing(),
    }),
    deadlines,
    scheduler,
    transitDelay: new TransitDelay(),
    answers,
    metadata,
    sendSteps: new SendSteps(metadata, limitedLog),
    handlerSteps: new HandlerSteps(),
    storeQueue: new StoreQueue({ link, inbox, deadlines }),
    stores: new Stores({ link, inbox }),
  };
}

function clientEnvironment(core: Core, { fallbackTimeout }: Settings): ClientEnvironment {
  const { from, encoding, link, inbox, deadlines, prefix, peers, metadata, sendSteps } = core;
  return {
    caller: { from, clockOrigin: randomInt(2 ** 47), encoding, fallbackTimeout },
    transport: { link, inbox, deadlines },
    retryBudget: new RetryBudget(),
    reports: new CallReports(core),
    metadata,
    sendSteps,
    prefix,
    peers,
  };
}

function linkOptions(settings: Settings, instance: string): LinkOptions {
  const { service, servers, credentials, tls, dialTimeout, ignoreDiscoveredServers, pingInterval, maxPingsOut } =
    settings;
  return {
    ...linkDefaults,
    servers,
    name: `${service}/${instance}`,
    dialTimeout,
    ignoreDiscoveredServers,
    pingInterval,
    maxPingsOut,
    ...(credentials === undefined ? {} : { credentials }),
    ...(tls === undefined ? {} : { tls }),
  };
}

function makeLogger({ logger }: Settings): Logger {
  if (logger === false) return pino({ level: "silent" });
  return logger ?? pino({ level: process.env.LOG_LEVEL ?? "info" });
}
