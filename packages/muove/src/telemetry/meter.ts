import {
  type Counter,
  createNoopMeter,
  type Histogram,
  type Meter,
  type MeterProvider,
  metrics,
} from "@opentelemetry/api";
import { depthGauge } from "./depth.js";
import { letterGauges } from "./letters.js";
import { scopeName } from "./tracer.js";

/** The instruments; `docs/telemetry.md` explains each. */
export interface Instruments {
  readonly clientCallDuration: Histogram;
  readonly serverCallDuration: Histogram;
  readonly sendDuration: Histogram;
  readonly processDuration: Histogram;
  readonly degraded: Counter;
  readonly deadLetters: Counter;
  readonly refused: Counter;
}

/** In seconds, from the semantic conventions for RPC and messaging. */
const explicitBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

let provider: MeterProvider | undefined;
let known: Instruments | undefined;

/**
 * The instruments of this process's OpenTelemetry SDK. Undefined if none is registered. An SDK may be registered before
 * or after the bus is created.
 */
export function instruments(): Instruments | undefined {
  const current = metrics.getMeterProvider();
  if (current !== provider) {
    provider = current;
    const meter = current.getMeter(scopeName);
    known = meter === createNoopMeter() ? undefined : make(meter);
  }
  return known;
}

function make(meter: Meter): Instruments {
  const duration = (name: string, description: string): Histogram =>
    meter.createHistogram(name, { unit: "s", description, advice: { explicitBucketBoundaries } });
  const count = (name: string, unit: string, description: string): Counter =>
    meter.createCounter(name, { unit, description });
  depthGauge(meter);
  letterGauges(meter);
  return {
    clientCallDuration: duration("rpc.client.call.duration", "From the making of a call to its outcome"),
    serverCallDuration: duration("rpc.server.call.duration", "From the admission of a call to its answer"),
    sendDuration: duration("messaging.client.operation.duration", "The sending of a cast or an event"),
    processDuration: duration("messaging.process.duration", "The handling of a cast or an event"),
    degraded: count("muove.degraded", "{answer}", "Answers that a fallback gave"),
    deadLetters: count("muove.dead_letters", "{message}", "Casts and events known, or feared, to have reached nobody"),
    refused: count("muove.refused", "{message}", "Messages that a mailbox refused or dropped without handling them"),
  };
}
