/** Counters of a broker since its start. Bytes do not include the protocol overhead. */
export interface Counters {
  inMsgs: number;
  inBytes: number;
  outMsgs: number;
  outBytes: number;
  /** Connections closed because they read too slowly. */
  slowConsumers: number;
  /** All connections ever accepted. */
  totalConnections: number;
}

/** A snapshot of a broker's numbers. */
export interface BrokerStats extends Readonly<Counters> {
  /** Open connections. */
  readonly connections: number;
  /** Current subscriptions. */
  readonly subscriptions: number;
}

export const newCounters = (): Counters => ({
  inMsgs: 0,
  inBytes: 0,
  outMsgs: 0,
  outBytes: 0,
  slowConsumers: 0,
  totalConnections: 0,
});
