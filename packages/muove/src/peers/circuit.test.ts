import { beforeEach, describe, expect, test, vi } from "vitest";
import { Circuit } from "./circuit.js";

const changed = vi.fn();
let circuit: Circuit;
beforeEach(() => {
  changed.mockReset();
  circuit = new Circuit(changed);
});

/** Calls that were sent then, each 10 ms after the one before, and timed out after 50. */
function timeOuts(count: number, from = 0): void {
  for (let i = 0; i < count; i++) circuit.timedOut(from + i * 10, from + i * 10 + 50);
}

describe("a circuit", () => {
  test("opens with the fourth timeout, tells so once, and admits nothing", () => {
    timeOuts(3);
    expect(circuit.open).toBe(false);
    expect(circuit.admits(100)).toBe(true);
    timeOuts(1, 30);
    expect(circuit.open).toBe(true);
    expect(circuit.admits(100)).toBe(false);
    timeOuts(3, 40);
    expect(changed.mock.calls).toEqual([[true]]);
  });

  test("CIRCUIT-2 stays closed when one of several hangs: calls sent after those that timed out are answered", () => {
    for (let i = 0; i < 100; i++) {
      circuit.timedOut(i * 10, i * 10 + 50);
      circuit.answered(i * 10 + 5);
    }
    expect(circuit.open).toBe(false);
  });

  test("CIRCUIT-2 does not count a timeout of a call that was sent before one that was answered already", () => {
    circuit.answered(1_000);
    timeOuts(10);
    expect(circuit.open).toBe(false);
  });

  test("CIRCUIT-2 counts timeouts after the last answer, however many answers were before", () => {
    for (let i = 0; i < 100; i++) circuit.answered(i);
    timeOuts(4, 200);
    expect(circuit.open).toBe(true);
  });

  test("CIRCUIT-3 lets one call through per pause while it is open, and pauses for longer each time, up to a bound", () => {
    timeOuts(4);
    const admitted: number[] = [];
    for (let now = 80; now < 6_000; now += 10) {
      if (!circuit.admits(now)) continue;
      admitted.push(now);
      circuit.timedOut(now, now + 50);
    }
    const pauses = admitted.slice(1).map((now, i) => now - (admitted[i] ?? 0));
    expect(admitted[0]).toBeGreaterThanOrEqual(250);
    expect(pauses.length).toBeGreaterThan(3);
    expect(pauses).toEqual([...pauses].sort((a, b) => a - b));
    expect(Math.max(...pauses)).toBeLessThanOrEqual(1_010);
  });

  test("CIRCUIT-3 closes with any answer, tells so, and starts anew: four timeouts and the first pause", () => {
    timeOuts(4);
    circuit.admits(1_000);
    circuit.answered(1_000);
    expect(circuit.open).toBe(false);
    expect(changed.mock.calls).toEqual([[true], [false]]);
    timeOuts(3, 2_000);
    expect(circuit.open).toBe(false);
    timeOuts(1, 2_030);
    expect(circuit.admits(2_080 + 249)).toBe(false);
    expect(circuit.admits(2_080 + 250)).toBe(true);
  });
});
