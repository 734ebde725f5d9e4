/** What an HTTP request brought, and how long it took, in ms, with its body. Status 0: no answer at all. */
export interface Timed {
  readonly status: number;
  readonly ms: number;
  readonly body: string;
}

/** No answer takes longer than this, since nobody waits longer; in ms. */
const patience = 5_000;

/** Asks over HTTP. Never throws: that nobody answers is what the story is about. */
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
