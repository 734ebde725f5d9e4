// OpenTelemetry's own SDK, with exporters that keep everything in memory. There is one per process, and each test file
// runs in its own process.

import { metrics, SpanKind } from "@opentelemetry/api";
import {
  AggregationTemporality,
  type DataPoint,
  type Histogram,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  type ReadableSpan,
  type Sampler,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-node";
import { expect } from "vitest";
import { until } from "../../support/until.js";

export interface Spans {
  /** The spans that have ended, in that order. */
  all(): ReadableSpan[];
  /** Waits until this many have ended. Resolves to them by kind. */
  ended(count: number): Promise<Record<keyof typeof SpanKind, ReadableSpan[]>>;
  /** Waits until a span with this name has ended. */
  named(name: string): Promise<ReadableSpan>;
  clear(): void;
}

/** Registers the SDK for traces: W3C trace context and baggage, async hooks, and an exporter to memory. */
export function registerTracing(sampler?: Sampler): Spans {
  const exporter = new InMemorySpanExporter();
  new NodeTracerProvider({
    spanProcessors: [new SimpleSpanProcessor(exporter)],
    ...(sampler && { sampler }),
  }).register();
  const all = (): ReadableSpan[] => exporter.getFinishedSpans();
  const kind = (name: keyof typeof SpanKind) => all().filter((span) => span.kind === SpanKind[name]);
  return {
    all,
    async ended(count) {
      await until(`${count} spans have ended`, () => all().length >= count);
      expect(all()).toHaveLength(count);
      return {
        INTERNAL: kind("INTERNAL"),
        SERVER: kind("SERVER"),
        CLIENT: kind("CLIENT"),
        PRODUCER: kind("PRODUCER"),
        CONSUMER: kind("CONSUMER"),
      };
    },
    async named(name) {
      let found: ReadableSpan | undefined;
      await until(`the span ${name} has ended`, () => {
        found = all().find((span) => span.name === name);
        return found !== undefined;
      });
      return found as unknown as ReadableSpan;
    },
    clear: () => exporter.reset(),
  };
}

/** One measured value: the number of a counter or a gauge, or the count of a histogram. */
export interface Measured {
  readonly attributes: Record<string, unknown>;
  readonly value: number;
  /** Histograms only. */
  readonly sum?: number | undefined;
}

/** Registers the SDK for metrics. Returns a function that collects the values of an instrument by its name. */
export function registerMetrics(): (name: string) => Promise<Measured[]> {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 1_000_000 });
  metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));
  return async (name) => {
    exporter.reset();
    await reader.forceFlush();
    const all = exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics));
    return all
      .filter(({ descriptor }) => descriptor.name === name)
      .flatMap(({ dataPoints }) => (dataPoints as DataPoint<number | Histogram>[]).map(measured));
  };
}

function measured({ attributes, value }: DataPoint<number | Histogram>): Measured {
  return typeof value === "number" ? { attributes, value } : { attributes, value: value.count, sum: value.sum };
}
