import { headers, type Msg, type NatsConnection, nuid } from "@nats-io/transport-node";
import { messagePack, valueIn } from "./value.js";

// #region answers
/** Answers in the encoding of the request, or in JSON if the request had no payload. */
function answer(request: Msg, value: unknown, h = headers()): void {
  const inJson = request.data.length === 0 || (request.data[0] ?? 0) < 0x80;
  request.respond(inJson ? JSON.stringify(value) : messagePack(value), { headers: h });
}

/** Answers with anything but a success. Other clients see the headers of the NATS service API. */
function answerWith(
  request: Msg,
  status: string,
  code: number,
  text: string,
  value?: unknown,
  more: object = {},
): void {
  const h = headers();
  h.set("Muove-Status", status);
  for (const [name, text] of Object.entries(more)) h.set(name, String(text));
  h.set("Nats-Service-Error", text);
  h.set("Nats-Service-Error-Code", String(code));
  if (value === undefined) request.respond(undefined, { headers: h });
  else answer(request, value, h);
}
// #endregion

const most = 5_000;

export function serve(nc: NatsConnection): void {
  // #region serve
  nc.subscribe("muove.parcels.price", {
    queue: "q", // The queue group of Muove and of the NATS service API: one instance gets each call.
    callback: (error, request) => {
      if (error === null) price(request);
    },
  });

  function price(request: Msg): void {
    const { grams } = valueIn(request.data) as { grams?: unknown };
    if (typeof grams !== "number") {
      const issues = [{ message: "must be a number", path: ["grams"] }];
      return answerWith(request, "rejected", 400, "grams must be a number", { issues });
    }
    if (grams > most) {
      return answerWith(request, "failed", 422, "too heavy", { most }, { "Muove-Code": "TOO_HEAVY" });
    }
    answer(request, { cents: 190 + grams });
  }
  // #endregion
}

/** Answers every call with one status and its headers and value. */
export function answering(nc: NatsConnection, status: string, value?: unknown, more: object = {}): void {
  const callback = (_: Error | null, request: Msg) => answerWith(request, status, 500, `it is ${status}`, value, more);
  nc.subscribe("muove.parcels.price", { queue: "q", callback });
}

/** Runs `work` until it is done, its deadline passes, or the caller cancels. */
export function workingInTime(nc: NatsConnection, work: (signal: AbortSignal) => Promise<number>): void {
  // #region in-time
  const underWay = new Map<string, AbortController>();

  async function handle(request: Msg): Promise<void> {
    const waits = Number(request.headers?.get("Muove-Timeout") || 1_000); // Default: the contract's timeout.
    const call = request.headers?.get("Muove-Call") ?? ""; // Only calls that can be cancelled have one.
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), waits);
    if (call !== "") underWay.set(call, controller);
    try {
      const cents = await work(controller.signal);
      if (!controller.signal.aborted) answer(request, { cents });
    } catch {
      if (!controller.signal.aborted) answerWith(request, "crashed", 500, "price crashed", { id: nuid.next() });
    } finally {
      clearTimeout(timer);
      underWay.delete(call);
    }
  }

  nc.subscribe("muove.parcels.price", {
    queue: "q",
    callback: (error, request) => {
      if (error === null) void handle(request);
    },
  });

  // No queue group: every instance hears of every cancelled call, and knows its own.
  nc.subscribe("muove.parcels._cancel", {
    callback: (_, { headers }) => underWay.get(headers?.get("Muove-Call") ?? "")?.abort(),
  });
  // #endregion
}

export function taking(nc: NatsConnection, scanned: (value: unknown) => void): void {
  // #region take
  nc.subscribe("muove.parcels.scanned", {
    queue: "q",
    callback: (error, cast) => {
      if (error === null) scanned(valueIn(cast.data)); // Never answer a cast, although it has a reply subject.
    },
  });
  // #endregion
}

export function publishing(nc: NatsConnection, id: string): void {
  // #region publish
  const reply = `_INBOX_muove.parcels.${nuid.next()}.1`; // Unique to each event, so that listeners notice one that comes twice.
  nc.publish("muove.parcels._event.delivered", JSON.stringify({ id }), { reply });
  // #endregion
}
