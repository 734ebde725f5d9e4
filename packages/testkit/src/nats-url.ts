/** The address and the credentials of a NATS. */
export interface NatsAddress {
  readonly host: string;
  readonly port: number;
  /** Named as in the protocol's CONNECT. */
  readonly credentials: { readonly user?: string; readonly pass?: string; readonly auth_token?: string };
}

/** Parses `nats://user:pass@host:port` or `nats://token@host:port`. The port defaults to 4222. */
export function parseNatsUrl(text: string): NatsAddress {
  const { hostname, port, username, password } = new URL(text);
  const [user, pass] = [decodeURIComponent(username), decodeURIComponent(password)];
  const credentials = user === "" ? {} : pass === "" ? { auth_token: user } : { user, pass };
  return { host: hostname.replace(/^\[|\]$/g, ""), port: Number(port || 4222), credentials };
}
