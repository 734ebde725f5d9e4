import { check, rule } from "../options.js";
import { configRules, type NatsConfig } from "./nats-config.js";

interface Started {
  readonly config?: NatsConfig;
  /** Default: any free port. It stays the same for every `start()`. */
  readonly port?: number;
  /** If false, only the address is chosen, and `start()` starts it. Default true. */
  readonly start?: boolean;
  /** Enables JetStream, in a folder that is deleted with the kit. Default false. */
  readonly jetStream?: boolean;
}

/** The embedded broker, in its own process. */
export interface EmbeddedOptions extends Started {
  readonly on?: "embedded";
}

/** A real server. */
export interface ServerOptions extends Started {
  readonly on: "nats-server";
  /** Its path, for another generation beside the usual one. Default: the one that `findNatsServer()` finds. */
  readonly program?: string;
  /** More text for its configuration file, for options that only a real server has. */
  readonly text?: string;
  /** More arguments for its command line. */
  readonly args?: readonly string[];
}

/**
 * A real server in a container, with the package `testcontainers` (11), which must be installed too. If the kit is not
 * closed, testcontainers' reaper (Ryuk) removes the container, unless it is disabled.
 */
export interface ContainerOptions extends Omit<ServerOptions, "on" | "program"> {
  readonly on: "container";
  /** Default `nats:2.10`. */
  readonly image?: string;
}

/**
 * A NATS that already runs somewhere. The kit can neither start nor disturb it; put a proxy in front of it for that.
 */
export interface RemoteOptions {
  readonly on: { readonly url: string };
}

export type NatsOptions = EmbeddedOptions | ServerOptions | ContainerOptions | RemoteOptions;

const started = { config: rule.record, port: rule.port, start: rule.boolean, jetStream: rule.boolean };
const onlyServer = { text: rule.string, args: rule.texts };

/** @throws TestkitError MUOVE_TESTKIT_INVALID_OPTIONS */
export function checkNatsOptions(options: NatsOptions): void {
  const on = (options as NatsOptions | undefined)?.on ?? "embedded";
  if (typeof on === "object") {
    check("nats()", options, { on: rule.record });
    check("nats({ on })", on, { url: rule.natsUrl });
    return;
  }
  const rules = { on: rule.oneOf("embedded", "nats-server", "container"), ...started };
  const own = on === "container" ? { image: rule.string } : { program: rule.string };
  check("nats()", options, on === "embedded" ? rules : { ...rules, ...onlyServer, ...own });
  checkConfig((options as Started).config, on !== "embedded");
}

/** @throws TestkitError MUOVE_TESTKIT_INVALID_OPTIONS */
export function checkConfig(config: NatsConfig | undefined, server: boolean): void {
  if (config === undefined) return;
  const bindsNobody = server && config.auth !== undefined && "token" in config.auth && config.permissions !== undefined;
  check("nats({ config })", config, configRules, [
    bindsNobody && "permissions bind nobody who shows a token, on nats-server: use users",
  ]);
}
