import { type Ordered, placeOrder } from "../shop/order.js";
import { askHtml, askPage, type Page } from "../shop/page.js";
import type { Stage } from "../stage/stage.js";
import { StoryError } from "../story-error.js";
import { until } from "../until.js";
import type { ExpectedOrder, ExpectedParts, Step } from "./step.js";
import { limit, unlike, unlikeHtml } from "./unlike.js";

/** How long the page may take to become as expected, in ms. */
const bound = 5_000;

export interface Scene {
  readonly stage: Stage;
  readonly url: string;
  readonly signal: AbortSignal;
}

/** What was seen after a step. */
export interface Seen {
  readonly page: Page;
  /** From the beginning of the step until the page was as expected, in ms. */
  readonly settled: number;
  readonly orders: readonly SeenOrder[];
  /** Everything that was not as expected. */
  readonly problems: readonly string[];
}

export interface SeenOrder {
  readonly title: string;
  readonly answer: Ordered;
}

/** Plays one step and looks at the shop until it is as expected, or for long enough. */
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
    const seen = await order(expected, scene);
    orders.push(seen);
    problems.push(...unlikeOrder(expected, seen));
  }
  return { page, settled, orders, problems };
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

async function order({ order, title }: ExpectedOrder, { url, signal }: Scene): Promise<SeenOrder> {
  signal.throwIfAborted();
  return { title: title ?? `an order of ${order.quantity}`, answer: await placeOrder(url, order) };
}

function unlikeOrder({ status, says }: ExpectedOrder, { title, answer }: SeenOrder): string[] {
  const problems = [];
  if (answer.status !== status) problems.push(`${title}: HTTP ${answer.status} instead of ${status}`);
  if (answer.says !== says) problems.push(`${title}: "${answer.says}" instead of "${says}"`);
  if (answer.ms >= limit) problems.push(`${title}: took ${Math.round(answer.ms)} ms`);
  return problems;
}
