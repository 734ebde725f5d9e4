/**
 * Reads JSON from a client like nats-server's decoder: names are case-insensitive, unknown names are ignored, null
 * counts as missing, and one value of the wrong type makes the whole invalid.
 */

type Check = (value: unknown) => boolean;

/** The known names in lower case, with the types of their values. */
export type Shape = Readonly<Record<string, Check>>;

const isString: Check = (value) => typeof value === "string";
const isBoolean: Check = (value) => typeof value === "boolean";
const isInteger: Check = (value) => Number.isInteger(value);
const isStrings: Check = (value) => Array.isArray(value) && value.every((item) => item === null || isString(item));
const isObject: Check = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const isSubjects: Check = (value) =>
  isObject(value) && readFields({ allow: isStrings, deny: isStrings }, value as Record<string, unknown>) !== undefined;

const all = (check: Check, ...names: string[]): Shape => Object.fromEntries(names.map((name) => [name, check]));

/** The fields of CONNECT. */
export const connectShape: Shape = {
  ...all(isBoolean, "echo", "verbose", "pedantic", "tls_required", "new_account", "headers", "no_responders"),
  ...all(isString, "nkey", "jwt", "sig", "auth_token", "user", "pass", "name", "lang", "version", "account"),
  ...all(isInteger, "protocol"),
  ...all(isSubjects, "import", "export"),
};

/** The fields of INFO. A client has no reason to send one, and it has no effect, but it must be valid. */
export const infoShape: Shape = {
  ...all(isBoolean, "headers", "auth_required", "tls_required", "tls_verify", "tls_available", "jetstream"),
  ...all(isBoolean, "cluster_dynamic", "ldm", "lnoc", "info_on_connect", "connect_info", "gateway_nrp", "gateway_iom"),
  ...all(isString, "server_id", "server_name", "version", "git_commit", "go", "host", "ip", "client_ip", "nonce"),
  ...all(isString, "cluster", "domain", "gateway", "gateway_url", "gateway_cmd_payload", "remote_account"),
  ...all(isInteger, "proto", "port", "max_payload", "client_id", "gateway_cmd"),
  ...all(isStrings, "connect_urls", "ws_connect_urls", "gateway_urls", "leafnode_urls"),
  ...all(isSubjects, "import", "export"),
};

/** The known names and their values, or undefined if it is invalid. */
export function decode(shape: Shape, bytes: Buffer): Record<string, unknown> | undefined {
  const value = parse(bytes.toString("utf8"));
  if (value === null) return {};
  return isObject(value) ? readFields(shape, value as Record<string, unknown>) : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The known names of an object and their values, or undefined if one has the wrong type. */
export function readFields(shape: Shape, value: Record<string, unknown>): Record<string, unknown> | undefined {
  const known: Record<string, unknown> = {};
  for (const [name, item] of Object.entries(value)) {
    const key = name.toLowerCase();
    if (item === null || !Object.hasOwn(shape, key)) continue;
    if (!shape[key]?.(item)) return undefined;
    known[key] = item;
  }
  return known;
}
