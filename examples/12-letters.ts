// 12  Letters that are kept
//
// A durable cast is a letter: JetStream keeps it until a handler is done with it. Its receipt says whether it is kept, so
// await it. Where nothing can keep it, such as on the embedded broker, the receipt says that, too. The same letters on a
// nats-server with JetStream, from 2.10 on: NATS_URL=nats://127.0.0.1:4222 node examples/dist/12-letters.js

import { startBroker } from "@muove/broker";
import { cast, connect, mailbox } from "muove";
import { z } from "zod";

const letters = mailbox("letters", {
  post: cast({ input: z.object({ patient: z.string() }), durable: { tries: 3 } }),
});

const broker = process.env.NATS_URL ? undefined : await startBroker({ port: 0 });
const servers = process.env.NATS_URL ?? broker?.url;
const clinic = connect({ service: "clinic", servers, logger: false });
await clinic.connected();

// Nobody is there to write letters yet. The id is that of the visit: however often it is sent, there is one letter.
for (const visit of ["visit-1", "visit-2", "visit-1"]) {
  const receipt = await clinic.to(letters).post({ patient: `of ${visit}` }, { id: visit });
  switch (receipt.status) {
    case "stored":
      console.log(`${visit}: kept${receipt.duplicate ? ", as it was before" : ""}`);
      break;
    case "unavailable": // Nobody has it ("no"), or perhaps somebody ("maybe"): keep the visit, and send it again later.
      console.log(`${visit}: still with the clinic (${receipt.reason}, delivered: ${receipt.delivered})`);
  }
}

if (clinic.status.counts.stored > 0) {
  const office = connect({ service: "office", servers, logger: false });
  office.on("buried", ({ id, reason, error }) => console.log(`  ${id} is dead: ${reason}, ${error}`));
  office.serve(letters, {
    post({ patient }, ctx) {
      if (ctx.id === "visit-2") return ctx.bury("no address"); // Trying again would not help.
      if (ctx.attempt === 1) throw new Error("the printer is jammed"); // It comes again, in a second.
      console.log(`  a letter to the patient ${patient}, at try ${ctx.attempt}`);
      return undefined;
    },
  });
  while (office.status.counts.lettersHandled + office.status.counts.lettersBuried < 2)
    await new Promise((resolve) => setTimeout(resolve, 20));
  console.log(`put aside: ${office.status.counts.lettersPutAside}`);
  await office.close();
}
await clinic.close();
await broker?.close();

// Output:
// visit-1: still with the clinic (no-store, delivered: no)
// visit-2: still with the clinic (no-store, delivered: no)
// visit-1: still with the clinic (no-store, delivered: no)
//
// Output with JetStream:
// visit-1: kept
// visit-2: kept
// visit-1: kept, as it was before
//   visit-2 is dead: buried, no address
//   a letter to the patient of visit-1, at try 2
// put aside: 1
