import { type ProxyTracerProvider, type Tracer, type TracerProvider, trace } from "@opentelemetry/api";

/** The instrumentation scope's name in OpenTelemetry. */
export const scopeName = "muove";

let provider: TracerProvider | undefined;
let known: Tracer | undefined;

/**
 * The tracer of this process's OpenTelemetry SDK. Undefined if none is registered, so that no spans are created. An SDK
 * may be registered before or after the bus is created.
 */
export function tracer(): Tracer | undefined {
  const proxy = trace.getTracerProvider() as ProxyTracerProvider;
  const current = proxy.getDelegate();
  if (current !== provider) {
    provider = current;
    known = proxy.getDelegateTracer(scopeName);
  }
  return known;
}
