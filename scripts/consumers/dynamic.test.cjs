// Under Jest, with Node's flag, in CommonJS: see the guide.
test("a CommonJS test imports the packages", async () => {
  const { startBroker } = await import("@muove/broker");
  const { connect } = await import("muove");
  const broker = await startBroker({ port: 0 });
  const bus = connect({ service: "clock", servers: broker.url, logger: false });
  expect(await bus.connected()).toBe(true);
  await bus.close();
  await broker.close();
});
