/** Callbacks by signal. */
const waiting = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls back when the signal aborts. Each signal gets one listener however many callbacks wait, and none when no
 * callback waits: many calls on one signal are not a leak, and Node must not warn about one.
 *
 * @returns a function that removes the callback.
 */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  const known = waiting.get(signal);
  if (known !== undefined) known.add(callback);
  else listen(signal, callback);
  return () => {
    const callbacks = waiting.get(signal);
    callbacks?.delete(callback);
    if (callbacks?.size === 0) forget(signal);
  };
}

function listen(signal: AbortSignal, first: () => void): void {
  waiting.set(signal, new Set([first]));
  signal.addEventListener("abort", aborted);
}

function forget(signal: AbortSignal): void {
  waiting.delete(signal);
  signal.removeEventListener("abort", aborted);
}

function aborted(this: AbortSignal): void {
  const callbacks = [...(waiting.get(this) ?? [])];
  forget(this);
  for (const callback of callbacks) callback();
}
