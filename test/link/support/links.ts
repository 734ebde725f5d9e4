import { onTestFinished } from "vitest";
import { Link, type LinkObserver, type LinkOptions, linkDefaults } from "../../../packages/muove/src/link/index.js";
import { until } from "../../support/until.js";
import { Recorder } from "./recorder.js";

const test = { ...linkDefaults, name: "test" };

/** A link that is closed after the test. */
export function openLink(options: Partial<LinkOptions> & Pick<LinkOptions, "servers">, observer: LinkObserver): Link {
  const link = new Link({ ...test, ...options }, observer);
  link.start();
  onTestFinished(() => link.close());
  return link;
}

/** A link with a recorder. Does not wait for anything. */
export function recordedLink(options: Partial<LinkOptions> & Pick<LinkOptions, "servers">) {
  const seen = new Recorder();
  return { link: openLink(options, seen), seen };
}

/** A link with a recorder, once it is up. */
export async function linkUp(options: Partial<LinkOptions> & Pick<LinkOptions, "servers">) {
  const recorded = recordedLink(options);
  await untilUp(recorded.link);
  return recorded;
}

/** The address of a server as a link reports it. */
export const addressOf = ({ port }: { readonly port: number }): string => `127.0.0.1:${port}`;

export async function untilUp(link: Link): Promise<void> {
  await until("the link is up", () => link.status.state === "up");
}
