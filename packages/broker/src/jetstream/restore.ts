import type { Happening } from "./chronicle.js";
import type { Consumer } from "./consumer.js";
import type { Entry } from "./journal.js";
import type { Stream } from "./stream.js";
import type { Streams } from "./streams.js";

/** Makes happen again what a journal says. What is about something that is not there any more is left out. */
export function restore(streams: Streams, { what, bytes }: Entry): void {
  const happening = what as Happening;
  if (happening.op === "stream") return streams.restore(happening.config, happening.created);
  const stream = streams.find(happening.stream);
  if (stream === undefined) return;
  if (happening.op === "stream gone") streams.forget(stream);
  else if ("consumer" in happening) restoreConsumer(stream, happening);
  else restoreMessages(stream, happening, bytes);
}

function restoreMessages(stream: Stream, happening: Happening, bytes: Buffer): void {
  const { store } = stream;
  switch (happening.op) {
    case "message":
      // A copy: what was read is dropped.
      stream.restore({ ...happening.message, bytes: Buffer.from(bytes), earlier: undefined, later: undefined });
      return;
    case "skipped":
      store.skip();
      return;
    case "removed": {
      const message = store.get(happening.sequence);
      if (message !== undefined) store.remove(message);
      return;
    }
    case "compacted":
      store.compact(happening.sequence);
      return;
    case "last":
      store.goOnAfter(happening.sequence);
  }
}

function restoreConsumer(stream: Stream, happening: Extract<Happening, { consumer?: string }>): void {
  const consumer = stream.consumers.get(happening.consumer as string);
  if (happening.op === "consumer") {
    const { config, created } = happening;
    if (consumer === undefined) stream.addConsumer(happening.consumer, config, created);
    else stream.updateConsumer(consumer, config);
  } else if (consumer !== undefined) restoreProgress(stream, consumer, happening);
}

function restoreProgress(stream: Stream, consumer: Consumer, happening: Happening): void {
  switch (happening.op) {
    case "consumer gone":
      stream.removeConsumer(consumer, false);
      return;
    case "delivered":
      consumer.restoreDelivery(happening.sequence, happening.next, happening.count);
      return;
    case "acknowledged":
      consumer.restoreAcknowledgement({ ...happening, delivered: 1 });
      return;
    case "progress":
      consumer.restoreProgress(happening.image, happening.firsts);
  }
}
