import dns from "node:dns";
import { afterEach, describe, expect, it, vi } from "vitest";
import { UnresolvedError } from "./dial-failure.js";
import { NameLookups } from "./name-lookups.js";

type Answer = (error: Error | null, addresses?: { address: string }[]) => void;

/** Replaces the resolver of the operating system, which cannot be made silent in this process. */
function scriptedResolver(): Answer[] {
  const asked: Answer[] = [];
  vi.spyOn(dns, "lookup").mockImplementation(((_: string, __: object, answer: Answer) => asked.push(answer)) as never);
  return asked;
}

describe("name look-ups", () => {
  afterEach(() => void vi.restoreAllMocks());

  it("ask once for a name however often it is wanted meanwhile (NAME-LOOKUPS-1)", () => {
    const asked = scriptedResolver();
    const names = new NameLookups();
    for (let i = 0; i < 3; i++) void names.ask("nats.example");
    void names.ask("other.example");
    expect(asked).toHaveLength(2);
    expect(names.take("nats.example")).toBeInstanceOf(UnresolvedError);
    void names.ask("nats.example");
    expect(asked).toHaveLength(2);
  });

  it("keep a result that came when nobody waited, and give it once (NAME-LOOKUPS-2)", async () => {
    const asked = scriptedResolver();
    const names = new NameLookups();
    void names.ask("nats.example");
    asked[0]?.(null, [{ address: "10.0.0.1" }, { address: "fd00::1" }]);
    await names.ask("nats.example");
    expect(names.take("nats.example")).toEqual(["10.0.0.1", "fd00::1"]);
    void names.ask("nats.example");
    expect(asked).toHaveLength(2);
  });

  it("say why a name does not resolve", async () => {
    const asked = scriptedResolver();
    const names = new NameLookups();
    const settled = names.ask("nats.example");
    const cause = new Error("getaddrinfo ENOTFOUND nats.example");
    asked[0]?.(cause);
    await settled;
    expect(names.take("nats.example")).toMatchObject({ message: "the name nats.example does not resolve", cause });
  });
});
