import { type ProxyTracerProvider, type Tracer, type TracerProvider, trace } from "@opentelemetry/api";

/** The name under which OpenTelemetry knows what is told here: its instrumentation scope. */
export const scopeName = "muove";

let provider: TracerProvider | undefined;
let known: Tracer | undefined;

/**
 * The tracer of this process's OpenTelemetry SDK; nothing where none is registered, so that nothing need be made for
 * it. An SDK may be registered at any time, before the bus is made or after it.
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
