// Loaded before a service with `--import`: its clock stands still while the process is stopped, as that of a machine
// that is suspended, or moved to another host.

/** Nobody looks at the clock for this long, in ms: the process was stopped. */
const stopped = 250;
const now = performance.now.bind(performance);
let seenAt = now();
let lost = 0;

performance.now = () => {
  const at = now();
  if (at - seenAt > stopped) lost += at - seenAt;
  seenAt = at;
  return at - lost;
};
setInterval(() => performance.now(), 10).unref();

export {};
