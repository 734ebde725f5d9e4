import { call, connect, mailbox } from "muove";
import { z } from "zod";

export const menu = mailbox("menu", { greet: call({ output: z.string() }) });

export function connectAs(service: string, servers: string) {
  // #region schema
  const bus = connect({
    service,
    servers,
    meta: z.object({ tenant: z.string(), locale: z.enum(["en", "de"]).default("en") }),
  });
  // #endregion
  return bus;
}

export type TenantBus = ReturnType<typeof connectAs>;

export function serveMenu(bus: TenantBus): void {
  // #region read
  bus.serve(menu, {
    greet: (_, { meta }) => `${meta.locale === "de" ? "Willkommen" : "Welcome"} at ${meta.tenant}`,
  });
  // #endregion
}

export async function greet(bus: TenantBus, tenant: string): Promise<string[]> {
  // #region send
  const here = bus.within({ timeout: 800, meta: { tenant } }); // for one request; `ctx` has that of its message
  const welcome = await here.to(menu).greet().orThrow();
  const willkommen = await here
    .to(menu, { meta: { locale: "de" } })
    .greet()
    .orThrow(); // and this, for these calls
  // #endregion
  return [welcome, willkommen];
}
