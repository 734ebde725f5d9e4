import { type Bus, connect } from "muove";

export function withCreds(servers: string, credsFile: string, secrets: string): Bus {
  // #region files
  const bus = connect({
    service: "stock",
    servers,
    credentials: { credsFile },
    tls: { caFile: `${secrets}/ca.crt`, certFile: `${secrets}/tls.crt`, keyFile: `${secrets}/tls.key` },
  });
  // #endregion
  return bus;
}

export function withVault(servers: string, vault: string): Bus {
  // #region function
  const bus = connect({
    service: "stock",
    servers,
    async credentials({ signal }) {
      const response = await fetch(`${vault}/stock`, { signal }); // Aborts when the time for the dial is over.
      return (await response.json()) as { user: string; pass: string }; // Muove checks it.
    },
  });
  // #endregion
  return bus;
}
