/** The answer to an HTTP request, and how long it took, in ms, including its body. Status 0: no answer at all. */
export interface Timed {
  readonly status: number;
  readonly ms: number;
  readonly body: string;
}

/** Nobody waits longer than this for an answer, in ms. */
const patience = 5_000;

/** Sends an HTTP request. Never throws: the story is about missing answers. */
export async function timed(url: string, init: RequestInit = {}): Promise<Timed> {
  const begin = performance.now();
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(patience) });
    const body = await response.text();
    return { status: response.status, ms: performance.now() - begin, body };
  } catch {
    return { status: 0, ms: performance.now() - begin, body: "" };
  }
}
