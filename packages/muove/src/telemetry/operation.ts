import {
  type Attributes,
  type Context,
  context,
  type Exception,
  type Histogram,
  type Span,
  type SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import { performance } from "../base/timers.js";

/** How an operation appears in traces and metrics. */
export interface Described {
  /** The span's name. It has few values, because traces are grouped by it. */
  readonly name: string;
  readonly kind: SpanKind;
  /** Attributes of the span and the duration. They have few values too. */
  readonly attributes: Attributes;
}

/** How an operation ended. */
export interface Ending {
  /** Attributes of the span and the duration. */
  readonly attributes: Attributes;
  /** What went wrong, in a word. Undefined for a success. */
  readonly error?: string | undefined;
  /** What went wrong, for people. */
  readonly message?: string | undefined;
  /** Attributes of the span only, with any number of values. */
  readonly details?: Attributes | undefined;
  /** The error that was thrown, if any. */
  readonly exception?: Exception | undefined;
}

/** A tracer, an instrument, or both. */
export interface Tools {
  readonly tracer: Tracer | undefined;
  readonly duration: Histogram | undefined;
}

/**
 * One operation from start to end: a span if there is a tracer, and a duration if there is a meter. Both use the same
 * clock and attributes, as the conventions require.
 */
export class Operation {
  /** The context for work within the operation: the parent's context, with the operation's span if there is one. */
  readonly context: Context;
  readonly #described: Described;
  readonly #span: Span | undefined;
  readonly #duration: Histogram | undefined;
  readonly #startedAt: number;
  #ended = false;

  /**
   * @param details attributes of the span only.
   * @param startedAt on the clock of `performance.now()`, by default now. @param linked whether the span also has a
   * link to its parent.
   */
  constructor(
    described: Described,
    details: Attributes,
    parent: Context,
    { tracer, duration }: Tools,
    { startedAt, linked = false }: { readonly startedAt?: number; readonly linked?: boolean } = {},
  ) {
    this.#described = described;
    this.#duration = duration;
    this.#startedAt = startedAt ?? performance.now();
    const cause = linked ? trace.getSpanContext(parent) : undefined;
    this.#span = tracer?.startSpan(
      described.name,
      {
        kind: described.kind,
        attributes: { ...described.attributes, ...details },
        ...(startedAt !== undefined && { startTime: startedAt }),
        ...(cause !== undefined && { links: [{ context: cause }] }),
      },
      parent,
    );
    this.context = this.#span === undefined ? parent : trace.setSpan(parent, this.#span);
  }

  /** Whether it has a span. */
  get traced(): boolean {
    return this.#span !== undefined;
  }

  /** Runs the work of the operation, so that spans of other libraries in it belong to this one. */
  run<T>(work: () => T): T {
    return this.traced ? context.with(this.context, work) : work();
  }

  /** Only the first call counts, because a handler may continue after its time is over. */
  end({ attributes, error, message, details, exception }: Ending): void {
    if (this.#ended) return;
    this.#ended = true;
    const endedAt = performance.now();
    const outcome: Attributes = error === undefined ? attributes : { ...attributes, "error.type": error };
    const measured = { ...this.#described.attributes, ...outcome };
    this.#duration?.record((endedAt - this.#startedAt) / 1_000, measured, this.context);
    if (this.#span === undefined) return;
    if (exception !== undefined) this.#span.recordException(exception);
    this.#span.setAttributes({ ...outcome, ...details });
    if (error !== undefined) this.#span.setStatus({ code: SpanStatusCode.ERROR, ...(message && { message }) });
    this.#span.end(endedAt);
  }
}
