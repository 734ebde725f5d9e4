import { randomUUID } from "node:crypto";
import { pino } from "pino";
import { RepeatBudget } from "../call/repeats.js";
import { CastBuffer } from "../cast/cast-buffer.js";
import { CastWatch } from "../cast/cast-watch.js";
import { DeadLetters } from "../cast/dead-letters.js";
import { Clients } from "../client/client.js";
import { Inbox } from "../inbox/inbox.js";
import { Link, linkDefaults } from "../link/index.js";
import { Peers } from "../peers/peer.js";
import { inboxPrefix } from "../wire/subjects.js";
import type { Core } from "./core.js";
import { newCounts } from "./counts.js";
import { Events } from "./events.js";
import { announceCircuit, observer } from "./observer.js";
import type { Settings } from "./options.js";

/** Puts the parts of a bus together. */
export function makeCore(settings: Settings): Core {
  const instance = randomUUID().slice(0, 8);
  const log = makeLogger(settings).child({ service: settings.service, instance });
  const events = new Events(log);
  const counts = newCounts();
  const link: Link = new Link(
    linkOptions(settings, instance),
    observer(() => core),
  );
  const inbox = new Inbox(link, inboxPrefix(settings.service, instance));
  const core: Core = {
    service: settings.service,
    instance,
    from: `${settings.service}/${instance}`,
    prefix: settings.prefix,
    encoding: settings.encoding,
    fallbackTimeout: settings.fallbackTimeout,
    link,
    inbox,
    events,
    counts,
    log,
    castWatch: new CastWatch(link),
    castBuffer: new CastBuffer(() => core, settings.castBuffer),
    deadLetters: new DeadLetters(counts, events, log),
    clients: new Clients(() => core),
    peers: new Peers((address, open) => announceCircuit(core, address, open)),
    repeatBudget: new RepeatBudget(),
  };
  return core;
}

function linkOptions({ servers, credentials, pingInterval, service }: Settings, instance: string) {
  return {
    ...linkDefaults,
    servers,
    name: `${service}/${instance}`,
    pingInterval,
    ...(credentials === undefined ? {} : { credentials }),
  };
}

function makeLogger({ logger }: Settings) {
  if (logger === false) return pino({ level: "silent" });
  return logger ?? pino({ level: process.env.LOG_LEVEL ?? "info" });
}
