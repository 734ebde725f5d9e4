import { check, rule } from "../options.js";
import { configRules, type NatsConfig } from "./nats-config.js";

interface Started {
  readonly config?: NatsConfig;
  /** Default: any that is free. It stays the same over every `start()`. */
  readonly port?: number;
  /** False: only its address is chosen, and it comes up with `start()`. Default true. */
  readonly start?: boolean;
}

/** The embedded broker, in a process of its own. */
export interface EmbeddedOptions extends Started {
  readonly on?: "embedded";
}

/** A real server. */
export interface ServerOptions extends Started {
  readonly on: "nats-server";
  /** Further text for its configuration file, for what only it has. */
  readonly text?: string;
  /** Further arguments for its command line. */
  readonly args?: readonly string[];
  /** With JetStream, in a folder that is gone with the kit. Default false. */
  readonly jetStream?: boolean;
}

/**
 * A real server in a container, by the package `testcontainers` (11), which is to be installed beside this one. When
 * the kit is not closed, it is testcontainers' own remover (Ryuk) that takes the container away, unless that is
 * disabled.
 */
export interface ContainerOptions extends Omit<ServerOptions, "on"> {
  readonly on: "container";
  /** Default `nats:2.10`. */
  readonly image?: string;
}

/** One that runs already, somewhere: the kit can neither start it nor harm it; put a proxy in front of it for that. */
export interface RemoteOptions {
  readonly on: { readonly url: string };
}

export type NatsOptions = EmbeddedOptions | ServerOptions | ContainerOptions | RemoteOptions;

const started = { config: rule.record, port: rule.port, start: rule.boolean };
const onlyServer = { text: rule.string, args: rule.texts, jetStream: rule.boolean };

/** @throws TestkitError MUOVE_TESTKIT_INVALID_OPTIONS */
export function checkNatsOptions(options: NatsOptions): void {
  const on = (options as NatsOptions | undefined)?.on ?? "embedded";
  if (typeof on === "object") {
    check("nats()", options, { on: rule.record });
    check("nats({ on })", on, { url: rule.natsUrl });
    return;
  }
  const rules = { on: rule.oneOf("embedded", "nats-server", "container"), ...started };
  const image = on === "container" ? { image: rule.string } : {};
  check("nats()", options, on === "embedded" ? rules : { ...rules, ...onlyServer, ...image });
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
