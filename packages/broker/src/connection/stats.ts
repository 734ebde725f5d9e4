/** What a broker has counted since it started. Messages and bytes are without the protocol around them. */
export interface Counters {
  inMsgs: number;
  inBytes: number;
  outMsgs: number;
  outBytes: number;
  /** Connections that were closed because they did not read fast enough. */
  slowConsumers: number;
  /** Connections that were ever accepted. */
  totalConnections: number;
}

/** A broker's numbers at one moment. */
export interface BrokerStats extends Readonly<Counters> {
  /** Connections open now. */
  readonly connections: number;
  /** Subscriptions there are now. */
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
