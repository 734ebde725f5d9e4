import { beforeEach, expect, test, vi } from "vitest";
import { Circuits } from "./circuits.js";

const changed = vi.fn();
let circuits: Circuits;
beforeEach(() => {
  changed.mockReset();
  circuits = new Circuits(changed);
});

const of = (share: number) => circuits.of(share * 1_000, 1_000);

function hang(share: number): void {
  for (let i = 0; i < 4; i++) of(share).timedOut(i, i + 10);
}

test.each([0.5, 0.72, 1, 20])("CIRCUITS-1 %d of the contract's time is a fair share of it", (share) => {
  hang(share);
  expect(changed.mock.calls).toEqual([[true]]);
  for (const same of [0.5, 0.9, 1, 20]) expect(of(same).open).toBe(true);
});

test.each([0.49, 0.3, 0.25, 0.005, 1e-6])(
  "CIRCUITS-2 timeouts of calls with %d of it shut the address for those with as little, unreported",
  (share) => {
    hang(share);
    expect(of(share).open).toBe(true);
    for (const more of [2 * share, 4 * share, 0.5, 1]) expect(of(more).open).toBe(false);
    for (const less of [share / 2, share / 4]) expect(of(less).open).toBe(false);
    expect(changed).not.toHaveBeenCalled();
  },
);
