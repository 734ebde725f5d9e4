import { describe, expect, it } from "vitest";
import { safeObserver } from "./observer.js";

const silent = { up() {}, down() {}, dialFailed() {}, forbidden() {}, allowed() {}, lameDuck() {} };

describe("a safe observer", () => {
  it("does not throw, and reports the error as a fault", () => {
    const faults: Error[] = [];
    const observer = safeObserver({
      ...silent,
      up: () => {
        throw "a string";
      },
      fault: (error) => faults.push(error),
    });
    observer.up("a:1");
    expect(faults).toEqual([new Error("a string")]);
  });

  it("works without `fault`, and with one that throws", () => {
    expect(() => safeObserver(silent).fault(new Error("x"))).not.toThrow();
    const thrower = safeObserver({
      ...silent,
      fault: () => {
        throw new Error("again");
      },
    });
    expect(() => thrower.fault(new Error("x"))).not.toThrow();
  });
});
