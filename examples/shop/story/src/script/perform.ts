import type { Letters, LettersTally } from "../shop/letters.js";
import { type Ordered, placeOrder } from "../shop/order.js";
import { askHtml, askPage, type Page } from "../shop/page.js";
import type { Stage } from "../stage/stage.js";
import { StoryError } from "../story-error.js";
import { until } from "../until.js";
import type { ExpectedOrder, ExpectedParts, Step } from "./step.js";
import { unlike, unlikeHtml, unlikeOrder } from "./unlike.js";

/** How long the page may take to become as expected, in ms. */
const bound = 5_000;

export interface Scene {
  readonly stage: Stage;
  readonly url: string;
  readonly letters: Letters;
  readonly signal: AbortSignal;
}

/** The shop after a step. */
export interface Seen {
  readonly page: Page;
  /** From the beginning of the step until the page was as expected, in ms. */
  readonly settled: number;
  readonly orders: readonly SeenOrder[];
  /** After the orders, if any letters were promised so far. */
  readonly letters: LettersTally;
  /** Everything that was not as expected. */
  readonly problems: readonly string[];
}

export interface SeenOrder {
  readonly title: string;
  readonly answer: Ordered;
}

/** Plays one step and checks the shop until it is as expected, or the time is up. */
export async function perform(step: Step, scene: Scene): Promise<Seen> {
  const begin = performance.now();
  await step.act(scene.stage, async (what, condition) => {
    if (!(await until(condition, { within: bound, signal: scene.signal })))
      throw new StoryError(`Waited for ${what} in vain.`);
  });
  const { page, problem } = await settle(step.degraded, scene);
  const settled = performance.now() - begin;
  const orders: SeenOrder[] = [];
  const problems = problem === undefined ? [] : [problem];
  for (const expected of problem === undefined ? (step.orders ?? []) : []) {
    const { seen, problem } = await settleOrder(expected, scene);
    orders.push(seen);
    scene.letters.note(expected.order, seen.answer);
    if (problem !== undefined) problems.push(problem);
  }
  if (step.letters && !(await until(() => scene.letters.allCame, { within: bound, signal: scene.signal })))
    problems.push("a letter did not come");
  return { page, settled, orders, letters: scene.letters.tally, problems };
}

async function settle(expected: ExpectedParts, { url, stage, signal }: Scene) {
  let page: Page | undefined;
  let problem: string | undefined;
  await until(
    async () => {
      stage.service("storefront").check();
      page = await askPage(url);
      problem = unlike(page, expected) ?? unlikeHtml(await askHtml(url), expected);
      return problem === undefined;
    },
    { within: bound, signal },
  );
  return { page: page as Page, problem };
}

/** The page may recover a moment before orders does. The id makes it the same order, however often it is sent. */
async function settleOrder(expected: ExpectedOrder, { url, signal }: Scene) {
  const { order, title = `an order of ${order.quantity}` } = expected;
  let answer: Ordered | undefined;
  let problem: string | undefined;
  await until(
    async () => {
      answer = await placeOrder(url, order);
      problem = unlikeOrder(expected, answer);
      return problem === undefined;
    },
    { within: bound, signal },
  );
  const seen: SeenOrder = { title, answer: answer as Ordered };
  return { seen, problem: problem && `${title}: ${problem}` };
}
