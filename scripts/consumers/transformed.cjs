// Under Jest, without Node's flag: the packages are transformed to CommonJS. See the guide.
const { startBroker } = require("@muove/broker");
const { connect } = require("muove");

test("a CommonJS test requires the packages", async () => {
  const broker = await startBroker({ port: 0 });
  const bus = connect({ service: "clock", servers: broker.url, logger: false });
  expect(await bus.connected()).toBe(true);
  await bus.close();
  await broker.close();
});
