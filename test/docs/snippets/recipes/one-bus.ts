// #region one-bus
import { type Bus, connect } from "muove";

const kept = globalThis as { bus?: Bus };

kept.bus ??= connect({ service: "web", servers: process.env.NATS_URL });
export const { bus } = kept;
// #endregion
