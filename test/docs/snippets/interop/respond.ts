import { headers, type Msg, type NatsConnection, nuid } from "@nats-io/transport-node";
import { messagePack, valueIn } from "./value.js";

// #region answers
/** Answers in the encoding of the request. What came without a payload is answered in JSON. */
function answer(request: Msg, value: unknown, said = headers()): void {
  const inJson = request.data.length === 0 || (request.data[0] ?? 0) < 0x80;
  request.respond(inJson ? JSON.stringify(value) : messagePack(value), { headers: said });
}

/** Answers with something else than a success. Other clients see the headers of the NATS service API. */
function answerWith(
  request: Msg,
  status: string,
  code: number,
  text: string,
  value?: unknown,
  more: object = {},
): void {
  const said = headers();
  said.set("Muove-Status", status);
  for (const [name, text] of Object.entries(more)) said.set(name, String(text));
  said.set("Nats-Service-Error", text);
  said.set("Nats-Service-Error-Code", String(code));
  if (value === undefined) request.respond(undefined, { headers: said });
  else answer(request, value, said);
}
// #endregion

const most = 5_000;

export function serve(nc: NatsConnection): void {
  // #region serve
  nc.subscribe("muove.parcels.price", {
    queue: "q", // One instance gets each: that of Muove's instances, and of the NATS service API.
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

/** Answers every call with one status, and the headers and value that belong to it. */
export function answering(nc: NatsConnection, status: string, value?: unknown, more: object = {}): void {
  const callback = (_: Error | null, request: Msg) => answerWith(request, status, 500, `it is ${status}`, value, more);
  nc.subscribe("muove.parcels.price", { queue: "q", callback });
}

/** Works for as long as `work` takes, unless nobody waits any more. */
export function workingInTime(nc: NatsConnection, work: (signal: AbortSignal) => Promise<number>): void {
  // #region in-time
  const underWay = new Map<string, AbortController>();

  async function handle(request: Msg): Promise<void> {
    const waits = Number(request.headers?.get("Muove-Timeout") || 1_000); // The contract's timeout, where none is said.
    const call = request.headers?.get("Muove-Call") ?? ""; // Only calls that can be cancelled have it.
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

  // Every instance hears of every call that was given up, and knows its own: no queue group.
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
      if (error === null) scanned(valueIn(cast.data)); // A cast is never answered, although it has a reply subject.
    },
  });
  // #endregion
}

export function publishing(nc: NatsConnection, id: string): void {
  // #region publish
  const reply = `_INBOX_muove.parcels.${nuid.next()}.1`; // New for each event: it tells two events from one that came twice.
  nc.publish("muove.parcels._event.delivered", JSON.stringify({ id }), { reply });
  // #endregion
}
