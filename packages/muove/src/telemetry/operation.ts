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

/** What an operation is called in a trace and in the metrics. */
export interface Described {
  /** The span's name: one of few, as traces are grouped by it. */
  readonly name: string;
  readonly kind: SpanKind;
  /** Of the span and of the duration: of few values, too. */
  readonly attributes: Attributes;
}

/** How an operation ended. */
export interface Ending {
  /** Of the span and of the duration. */
  readonly attributes: Attributes;
  /** What went wrong, in a word; nothing for a success. */
  readonly error?: string | undefined;
  /** The same for people. */
  readonly message?: string | undefined;
  /** Of the span only: they may have any number of values. */
  readonly details?: Attributes | undefined;
  /** What was thrown, if anything was. */
  readonly exception?: Exception | undefined;
}

/** By what an operation is told of: at least one of the two. */
export interface Tools {
  readonly tracer: Tracer | undefined;
  readonly duration: Histogram | undefined;
}

/**
 * One thing that telemetry tells of, from its beginning to its end: a span, where there is a tracer, and its duration,
 * where there is a meter. Both have the same clock and the same attributes, as the conventions want it.
 */
export class Operation {
  /**
   * What is done within the operation belongs to this: the parent's context, with the operation's span where there is
   * one.
   */
  readonly context: Context;
  readonly #described: Described;
  readonly #span: Span | undefined;
  readonly #duration: Histogram | undefined;
  readonly #startedAt: number;
  #ended = false;

  /**
   * @param details of the span only.
   * @param startedAt on the clock of `performance.now()`; now, when it is left out. @param linked whether its span has
   * a link to its parent, too.
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

  /** Whether it is a span, too. */
  get traced(): boolean {
    return this.#span !== undefined;
  }

  /** Runs what the operation is made of, so that what others trace in there belongs to it. */
  run<T>(work: () => T): T {
    return this.traced ? context.with(this.context, work) : work();
  }

  /** Only the first end counts: a handler may go on after its time is over. */
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
