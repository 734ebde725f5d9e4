// #region token
import { createHmac, timingSafeEqual } from "node:crypto";
import { type Bus, connect } from "muove";
import { z } from "zod";

const bodyOf = z.object({ user: z.string(), until: z.number() });
const sign = (text: string, key: string): string => createHmac("sha256", key).update(text).digest("base64url");

/** Who may ask, and until when, signed: `<body>.<signature>`. */
export function issue(user: string, key: string, until = Date.now() + 60_000): string {
  const body = Buffer.from(JSON.stringify({ user, until })).toString("base64url");
  return `${body}.${sign(body, key)}`;
}

/** The user that a token is for, or what is wrong with it. */
export function verify(token: string, key: string): { user: string } | { problem: string } {
  const [body = "", signature = ""] = token.split(".");
  const [given, expected] = [signature, sign(body, key)].map((text) => Buffer.from(text)) as [Buffer, Buffer];
  if (given.length !== expected.length || !timingSafeEqual(given, expected))
    return { problem: "the token is not ours" };
  const { user, until } = bodyOf.parse(JSON.parse(Buffer.from(body, "base64url").toString()));
  return until < Date.now() ? { problem: "the token has expired" } : { user };
}
// #endregion

// #region schema
/** What every service of the system reads: the token, beside what else there is. */
const meta = z.object({ token: z.string(), tenant: z.string().optional() });
export const join = (service: string, servers: string): TokenBus => connect({ service, servers, meta });
export type TokenBus = Bus<z.output<typeof meta>>;
// #endregion

export function guard(bus: TokenBus, key: string): void {
  // #region guard
  bus.use({
    handle(ctx, next) {
      const verified = verify(ctx.meta.token, key);
      if ("problem" in verified) ctx.refuse(verified.problem); // It throws; the caller gets `refused`, delivered "no".
      return next();
    },
  });
  // #endregion
}

export function authenticate(bus: TokenBus, token: () => string): void {
  // #region send
  bus.use({ send: ({ meta }) => (meta.token === undefined ? { meta: { token: token() } } : undefined) });
  // #endregion
}
