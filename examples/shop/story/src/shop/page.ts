import { z } from "zod";
import { type Timed, timed } from "./timed.js";

const degradation = z.object({ reason: z.string(), source: z.string(), age: z.number().nullable() });
const pageBody = z.object({ degraded: z.record(z.string(), degradation) });

export type Degradation = z.infer<typeof degradation>;

/** The page as the story sees it: from outside, like a customer. */
export interface Page extends Timed {
  /** By the name of the part. */
  readonly degraded: Readonly<Record<string, Degradation>>;
}

const path = "/products/mug";

export async function askPage(url: string): Promise<Page> {
  const answer = await timed(url + path, { headers: { accept: "application/json" } });
  return { ...answer, degraded: answer.status === 200 ? pageBody.parse(JSON.parse(answer.body)).degraded : {} };
}

export const askHtml = (url: string): Promise<Timed> => timed(url + path, { headers: { accept: "text/html" } });

/** The parts that the HTML page marks as degraded. */
export const marksOf = (html: string): string[] =>
  [...html.matchAll(/ data-degraded="([a-z]+)"/g)].map(([, name]) => name as string);
