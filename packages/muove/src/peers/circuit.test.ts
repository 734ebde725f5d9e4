import { beforeEach, describe, expect, test, vi } from "vitest";
import { Circuit } from "./circuit.js";

const changed = vi.fn();
let circuit: Circuit;
beforeEach(() => {
  changed.mockReset();
  circuit = new Circuit(changed);
});

/** Calls that are sent 10 ms apart, and time out after 50 ms. */
function timeOuts(count: number, from = 0): void {
  for (let i = 0; i < count; i++) circuit.timedOut(from + i * 10, from + i * 10 + 50);
}

/** As many timeouts as it takes. */
function timeOutsToOpen(from: number): number {
  for (let i = 1; i <= 1_000; i++) {
    timeOuts(1, from + i * 10);
    if (circuit.open) return i;
  }
  return Number.POSITIVE_INFINITY;
}

describe("a circuit", () => {
  test("CIRCUIT-3 opens with the fourth timeout, reports that once, and admits nothing", () => {
    timeOuts(3);
    expect(circuit.open).toBe(false);
    expect(circuit.admits(100)).toBe(true);
    timeOuts(1, 30);
    expect(circuit.open).toBe(true);
    expect(circuit.admits(100)).toBe(false);
    timeOuts(3, 40);
    expect(changed.mock.calls).toEqual([[true]]);
  });

  test("CIRCUIT-2 stays closed if one of several instances hangs: later calls are answered", () => {
    for (let i = 0; i < 100; i++) {
      circuit.timedOut(i * 10, i * 10 + 50);
      circuit.answered(i * 10 + 5);
    }
    expect(circuit.open).toBe(false);
  });

  test("CIRCUIT-2 does not count the timeout of a call that was sent before an answered one", () => {
    circuit.answered(1_000);
    timeOuts(100);
    expect(circuit.open).toBe(false);
  });

  test("CIRCUIT-2 counts timeouts after the last answer, however many answers came before", () => {
    for (let i = 0; i < 1_000; i++) circuit.answered(i);
    expect(timeOutsToOpen(2_000)).toBe(4);
  });

  test("CIRCUIT-2 an answer to an earlier call clears only the timeouts of calls before that", () => {
    timeOuts(3);
    circuit.answered(15);
    timeOuts(6, 30);
    expect(circuit.open).toBe(false); // Two are among the results, so it takes nine.
    timeOuts(1, 90);
    expect(circuit.open).toBe(false);
    timeOuts(1, 100);
    expect(circuit.open).toBe(true);
  });

  test.each([
    [1, 8],
    [3, 10],
    [9, 16],
    [60, 32],
  ])("CIRCUIT-3 after %i scattered timeouts, it takes %i in a row", (scattered, row) => {
    for (let i = 0; i < scattered; i++) {
      timeOuts(1, i * 10);
      circuit.answered(i * 10 + 5);
    }
    expect(timeOutsToOpen(1_000)).toBe(row);
  });

  test("CIRCUIT-3 forgets scattered timeouts after some hundreds of answers", () => {
    for (let i = 0; i < 10; i++) {
      timeOuts(1, i * 10);
      circuit.answered(i * 10 + 5);
    }
    for (let i = 0; i < 400; i++) circuit.answered(200 + i);
    expect(timeOutsToOpen(1_000)).toBe(4);
  });

  test("CIRCUIT-4 admits one call per pause while it is open, with pauses that grow up to a bound", () => {
    timeOuts(4);
    const admitted: number[] = [];
    for (let now = 80; now < 10_000; now++) {
      if (!circuit.admits(now)) continue;
      admitted.push(now);
      circuit.timedOut(now, now + 50);
    }
    const pauses = admitted.map((now, i) => now - (admitted[i - 1] ?? 80));
    expect(pauses.slice(0, 8)).toEqual([50, 100, 200, 400, 800, 1_000, 1_000, 1_000]);
  });

  test("CIRCUIT-4 closes with any answer, reports that, and starts over with the first pause", () => {
    timeOuts(4);
    for (let now = 100; now < 5_000; now += 100) circuit.admits(now);
    circuit.answered(4_000);
    expect(circuit.open).toBe(false);
    expect(changed.mock.calls).toEqual([[true], [false]]);
    timeOuts(4, 6_000);
    expect(circuit.admits(6_080 + 49)).toBe(false);
    expect(circuit.admits(6_080 + 50)).toBe(true);
  });

  test("CIRCUIT-5 opens as fast the next time, however many calls of the first hang time out when it is over", () => {
    timeOuts(4);
    expect(circuit.admits(200)).toBe(true);
    for (let i = 0; i < 40; i++) circuit.timedOut(100, 300);
    circuit.answered(200);
    for (let i = 0; i < 40; i++) circuit.timedOut(100, 300);
    expect(timeOutsToOpen(1_000)).toBe(4);
  });
});
