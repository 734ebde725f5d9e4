import type { PermissionRules, User } from "@muove/broker";
import type { NatsConfig } from "./nats-config.js";

type Scalar = Exclude<keyof NatsConfig, "auth" | "permissions" | "authTimeout">;

/** nats-server's names of the options, and the units of times. */
const names: Readonly<Record<Scalar, readonly [name: string, unit: "ms" | ""]>> = {
  maxPayload: ["max_payload", ""],
  maxControlLine: ["max_control_line", ""],
  maxConnections: ["max_connections", ""],
  maxPending: ["max_pending", ""],
  pingInterval: ["ping_interval", "ms"],
  maxPingsOut: ["ping_max", ""],
  writeDeadline: ["write_deadline", "ms"],
  lameDuckDuration: ["lame_duck_duration", "ms"],
  lameDuckGracePeriod: ["lame_duck_grace_period", "ms"],
};

/** The user of all clients without credentials, if permissions are to apply to them. */
const anybodyUser = "anybody";

/** Converts the configuration to nats-server's file format. */
export function toServerConfig(config: NatsConfig): string {
  const scalars = Object.entries(names).flatMap(([name, [theirs, unit]]) => {
    const value = config[name as Scalar];
    return value === undefined ? [] : [`${theirs}: ${unit === "" ? value : `"${value}${unit}"`}`];
  });
  return `${[...scalars, ...authorization(config)].join("\n")}\n`;
}

function authorization({ auth, permissions, authTimeout }: NatsConfig): string[] {
  const timeout = authTimeout === undefined ? {} : { timeout: authTimeout / 1_000 };
  const write = (block: object): string => `authorization: ${JSON.stringify({ ...timeout, ...block })}`;
  if (auth === undefined) return permissions === undefined ? [] : anybody(permissions, write);
  if ("token" in auth) return [write({ token: auth.token })];
  const standard = permissions === undefined ? {} : { default_permissions: toPermissions(permissions) };
  return [write({ ...standard, users: ("users" in auth ? auth.users : [auth]).map(toUser) })];
}

/** A server's permissions apply only if there are users. */
function anybody(permissions: PermissionRules, write: (block: object) => string): string[] {
  const users = [{ user: anybodyUser, password: anybodyUser, permissions: toPermissions(permissions) }];
  return [write({ users }), `no_auth_user: ${anybodyUser}`];
}

const toUser = ({ user, pass, permissions }: User): object => ({
  user,
  password: pass,
  ...(permissions && { permissions: toPermissions(permissions) }),
});

function toPermissions({ publish, subscribe, allowResponses }: PermissionRules): object {
  return {
    ...(publish && { publish }),
    ...(subscribe && { subscribe }),
    ...(allowResponses !== undefined && { allow_responses: toResponses(allowResponses) }),
  };
}

function toResponses(rules: NonNullable<PermissionRules["allowResponses"]>): boolean | object {
  if (typeof rules === "boolean") return rules;
  return {
    ...(rules.max !== undefined && { max: rules.max }),
    ...(rules.expires !== undefined && { expires: `${rules.expires}ms` }),
  };
}
