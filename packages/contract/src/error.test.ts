import { describe, expect, test, vi } from "vitest";
import { InvalidContract, isMuoveError, MuoveError } from "./index.js";

describe("a MuoveError", () => {
  const error = new InvalidContract("The mailbox", ["this", "that"]);

  test("has a stable code, its class's own name, and every problem in its message", () => {
    expect(error).toBeInstanceOf(MuoveError);
    expect(error.code).toBe("MUOVE_INVALID_CONTRACT");
    expect(error.name).toBe("InvalidContract");
    expect(error.message).toBe("The mailbox cannot be used:\n  - this\n  - that");
  });

  test("is recognised, and nothing else is", () => {
    expect(isMuoveError(error)).toBe(true);
    for (const other of [new Error("x"), null, undefined, "MUOVE_X", { code: "MUOVE_X" }, () => {}]) {
      expect(isMuoveError(other)).toBe(false);
    }
  });

  test("is recognised when it comes from a second copy of the package, unlike with instanceof", async () => {
    vi.resetModules();
    const copy: typeof import("./index.js") = await import("./index.js");
    const foreign = new copy.InvalidContract("The mailbox", []);
    expect(foreign).not.toBeInstanceOf(MuoveError);
    expect(isMuoveError(foreign)).toBe(true);
    expect(copy.isMuoveError(error)).toBe(true);
  });

  test("does not expose its brand", () => {
    expect(Object.keys(error).sort()).toEqual(["code", "name", "problems"]);
  });
});
