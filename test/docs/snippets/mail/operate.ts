import { type Bus, provisionMail } from "muove";
import { letters } from "./contract.js";

// #region dead
/** What was bad paper is sent again, once there is good one. */
export async function sendAgain(bus: Bus) {
  const { dead } = bus.mail(letters);
  const { letters: page } = await dead.list({ message: "post", reason: "failed", limit: 20 });
  for (const { id, error, tries, diedAt } of page) console.log(id, error, tries, new Date(diedAt).toISOString());
  const { resent, stopped } = await dead.resendAll({ reason: "failed" }, { perSecond: 50 });
  console.log(`${resent} sent again`, stopped?.reason ?? "");
  return await dead.dropAll({ before: Date.now() - 7 * 86_400_000 });
}
// #endregion

// #region pause
export async function whilePaused(bus: Bus, repair: () => Promise<void>) {
  const mail = bus.mail(letters);
  await mail.pause("post"); // All instances know within 5 s; what is sent waits.
  console.log((await mail.peek("post"))?.input, (await mail.info()).messages.post?.waiting);
  await repair();
  await mail.resume("post");
}
// #endregion

// #region provision
export async function setUp(servers: string, dryRun: boolean) {
  const provisions = await provisionMail({ service: "setup", servers }, [letters], { dryRun });
  for (const { steps } of provisions)
    for (const { action, name, changes, fixed, refused } of steps)
      console.log(action, name, changes, fixed, refused ?? "");
  return provisions.every(({ complete }) => complete);
}
// #endregion
