// The situations of the lines about kept mail, by the message of the line. They need a nats-server that keeps mail.

import { setTimeout as sleep } from "node:timers/promises";
import { type Bus, cast, type LetterContext, type MailOptions, mailbox } from "muove";
import { z } from "zod";
import { plainClient } from "../conformance/support/plain.js";
import { makeKit } from "../support/kit.js";
import { natsServerThatKeepsMail } from "../support/nats-server.js";
import { until } from "../support/until.js";
import type { Stage } from "./situations.js";

const mebibyte = 1_048_576;

const mailOf = (mail: MailOptions = {}, tries = 1) =>
  mailbox("mail", { post: cast({ input: z.string(), durable: { tries } }) }, { mail: { maxBytes: mebibyte, ...mail } });
const mail = mailOf();

type Handle = (text: string, ctx: LetterContext) => unknown;

export const program = natsServerThatKeepsMail();

const nats = () => makeKit().nats({ on: "nats-server", jetStream: true, program: program as string });

const kept = (stage: Stage) =>
  until("letters are kept", () => stage.lines.some(({ msg }) => msg === "letters are kept"));

/** The bus serves the mailbox. */
async function serving(stage: Stage, post: Handle = () => {}, served = mail) {
  const server = await nats();
  const bus = await stage.up(server.url);
  bus.serve(served, { post: post as () => undefined });
  await kept(stage);
  return { server, bus };
}

async function send(bus: Bus, text: string): Promise<void> {
  const receipt = await bus.to(mail).post(text);
  if (receipt.status !== "stored") throw new Error(receipt.message);
}

/** Deletes something by the JetStream API. */
async function drop({ port }: { readonly port: number }, subject: string): Promise<void> {
  const client = await plainClient({ port });
  await client.request(`$JS.API.${subject}`);
}

const streamOf = (stage: Stage) => stage.lines.find(({ msg }) => msg === "letters are kept")?.stream as string;

async function paused(stage: Stage): Promise<Bus> {
  const { bus } = await serving(stage);
  await bus.mail(mail).pause("post");
  return bus;
}

export const letterSituations: Readonly<Record<string, (stage: Stage) => unknown>> = {
  "letters are kept": (stage) => serving(stage),

  "kept mail is not as its contract says": async (stage) => {
    const server = await nats();
    const bus = await stage.up(server.url);
    await bus.to(mail).post("made by the sender, for another size");
    bus.serve(mailOf({ maxBytes: 2 * mebibyte }), { post: () => {} });
  },

  "a letter is dead": async (stage) => {
    const { bus } = await serving(stage, (_, ctx) => ctx.bury("no address"));
    await send(bus, "to nobody");
  },

  "a letter could not be put aside, and stays where it is": async (stage) => {
    const full = mailOf({}, 2);
    const { bus } = await serving(stage, () => Promise.reject(new Error("again")), full);
    await send(bus, "x".repeat(600_000)); // No room for a copy of it.
  },

  "a dead letter could not be stored, and stays where it is": async (stage) => {
    const roomy = mailOf({ maxBytes: 4 * mebibyte });
    const { bus } = await serving(stage, (_, ctx) => ctx.bury("no address"), roomy);
    for (const id of ["a", "b"]) await send(bus, id.repeat(600_000)); // There is no room for two dead ones.
  },

  "fetching letters ended; looking for them again": async (stage) => {
    const { server } = await serving(stage);
    await drop(server, `CONSUMER.DELETE.${streamOf(stage)}.post`);
  },

  "kept mail was gone, and was made again: what a lost stream kept is lost": async (stage) => {
    const { server } = await serving(stage);
    await drop(server, `STREAM.DELETE.${streamOf(stage)}`);
  },

  "letters are paused by an operator": paused,
  "letters are handled again": async (stage) => {
    const bus = await paused(stage);
    await until("it is paused", () => stage.lines.some(({ msg }) => msg === "letters are paused by an operator"));
    await bus.mail(mail).resume("post");
  },

  "lost the hold on a letter: another instance gets it": async (stage) => {
    const { bus } = await serving(stage, (_, ctx) => {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 4_300); // The process stands still.
      return sleep(1_000, undefined, { signal: ctx.signal }).catch(() => {});
    });
    await send(bus, "slow");
  },
};
