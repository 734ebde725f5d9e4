// The image's health check: 0 as long as a restart would not help. Missing peers, NATS included, are no reason to restart
// this service; `/livez` takes care of that.
try {
  const { ok } = await fetch(`http://127.0.0.1:${process.env.HEALTH_PORT}/livez`);
  process.exitCode = ok ? 0 : 1;
} catch {
  process.exitCode = 1;
}
