import { perform } from "./script/perform.js";
import { script } from "./script/script.js";
import { BackgroundAsker } from "./shop/background-asker.js";
import { Letters } from "./shop/letters.js";
import { storefrontCounts } from "./shop/storefront-counts.js";
import type { Stage } from "./stage/stage.js";
import type { Ink } from "./table/ink.js";
import type { Progress } from "./table/progress.js";
import { heldThroughout, summary } from "./table/summary.js";
import { Table } from "./table/table.js";

export interface Playing {
  readonly stage: Stage;
  readonly url: string;
  /** The broker of the play. */
  readonly broker: string;
  /** Where the logs are, for people. */
  readonly logs: string;
  readonly ink: Ink;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** How often the background asker requests the page, in ms, and how many requests there must be before the next step. */
const every = 50;
const asks = 20;

/** Plays the story and prints it. Returns whether everything was as expected; stops at the first step that was not. */
export async function play(playing: Playing): Promise<boolean> {
  const { url, ink } = playing;
  const begin = performance.now();
  const steps = script(playing.broker);
  const asker = new BackgroundAsker(url);
  try {
    const held = await playSteps(steps, playing, asker);
    await asker.stop();
    const counts = await storefrontCounts(url);
    const took = performance.now() - begin;
    const ending = { tally: asker.tally, counts, held, steps: steps.length, took, logs: playing.logs };
    console.log(`\n${summary(ending, ink)}`);
    return heldThroughout(ending);
  } finally {
    await asker.stop();
  }
}

/** How many steps were as expected. */
async function playSteps(
  steps: ReturnType<typeof script>,
  { progress, ink, ...scene }: Playing,
  asker: BackgroundAsker,
): Promise<number> {
  const table = new Table(ink);
  const letters = new Letters(() => scene.stage.service("notifications").log);
  console.log(table.head());
  for (const [index, step] of steps.entries()) {
    progress.show(step.title);
    const seen = await perform(step, { ...scene, letters });
    progress.clear();
    console.log(table.row(index + 1, step.title, seen));
    if (seen.problems.length > 0) return index;
    // From the moment that there is a storefront.
    if (index === 0) asker.start(every);
    progress.show("asking for the page all the time");
    await asker.askedAgain(asks, scene.signal);
  }
  return steps.length;
}
