// A process that behaves as its argument says.

import { spawn } from "node:child_process";

const [what] = process.argv.slice(2);
const idle = () => setInterval(() => {}, 1_000);

if (what === "env") console.log(JSON.stringify(process.env));
if (what === "fails") {
  console.error("there is no such thing as a free lunch");
  process.exit(3);
}
if (what === "silent") idle();
if (what === "stubborn") {
  process.on("SIGTERM", () => {});
  console.log("ready");
  idle();
}
if (what === "message") {
  process.send?.("ready");
  idle();
}
if (what === "chatty") {
  for (let i = 0; i < 10_000; i++) console.log(`line ${i} of a service that has a lot to say`);
  console.log("ready");
  idle();
}
if (what === "parent") {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  console.log(`ready, with a child: ${child.pid}`);
  idle();
}
if (what === "daemon") {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { detached: true, stdio: "inherit" });
  console.log(`ready, with a daemon: ${child.pid}`);
  idle();
}
