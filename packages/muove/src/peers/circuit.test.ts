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

describe("a circuit", () => {
  test("opens with the fourth timeout, reports that once, and admits nothing", () => {
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
    timeOuts(10);
    expect(circuit.open).toBe(false);
  });

  test("CIRCUIT-2 counts timeouts after the last answer, however many answers came before", () => {
    for (let i = 0; i < 100; i++) circuit.answered(i);
    timeOuts(4, 200);
    expect(circuit.open).toBe(true);
  });

  test("CIRCUIT-3 admits one call per pause while it is open, with pauses that grow up to a bound", () => {
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

  test("CIRCUIT-3 closes with any answer, reports that, and starts over with four timeouts and the first pause", () => {
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
