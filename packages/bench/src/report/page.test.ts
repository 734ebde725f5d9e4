import { describe, expect, it } from "vitest";
import { directRun, resultsOf, run } from "../testing/results.js";
import { page } from "./page.js";
import { drawComparison } from "./picture.js";

const results = resultsOf({
  muove: [{ "requests-64": run(1_000) }, { "requests-64": run(1_400) }, { "requests-64": run(1_200) }],
  nestjs: [{ "requests-64": run(500) }, { "requests-64": run(700) }, { "requests-64": run(300) }],
});

describe("the page about performance", () => {
  it("has the median of each contender, its spread, and the ratio of the same rounds", () => {
    expect(page(results)).toContain(
      "| muove | 1,200 | 1,000 to 1,400 |  | 1.0 ms | 2.0 ms | 3.0 ms | 10.0 | 6.0 | 4.0 |",
    );
    expect(page(results)).toContain("| nestjs | 500 | 300 to 700 | 2.00 (2.00 to 4.00) |");
  });

  it("says how it was measured, and how much other processes disturbed it", () => {
    expect(page(results)).toContain(
      "Written by `npm run bench` on 2026-11-25: Node 20.20.2, nats-server 2.9.10, 2 cores",
    );
    expect(page(results)).toContain("Others took 5% of the machine's CPU time");
  });

  it("leaves out everything that was not measured", () => {
    expect(page(results)).not.toContain("## Casts");
    expect(page(results)).toContain("## Memory");
    expect(page({ ...results, alone: undefined })).not.toContain("## Memory");
  });
});

describe("those without a broker between", () => {
  const compared = page(
    resultsOf({
      muove: [{ "requests-1": run(300), "requests-64": run(4_000) }],
      undici: [{ "requests-1": directRun(900), "requests-64": directRun(2_000) }],
    }),
  );

  it("are compared in both directions", () => {
    expect(compared).toContain("| Fastify with `undici` | 0.33 (0.33 to 0.33) | 2.00 (2.00 to 2.00) |  |");
    expect(page(results)).not.toContain("## With and without a broker between");
  });

  it("have no CPU time of a server", () => {
    expect(compared).toMatch(/\| undici \| 2,000 \| .* \| 10\.0 \| 6\.0 \| {2}\|/);
  });
});

describe("the picture of the comparison", () => {
  const boxes = [...drawComparison(results).matchAll(/<rect x="(\d+)" y="(\d+)" width="(\d+)"/g)].map(
    ([, x, y, width]) => ({ x: Number(x), y: Number(y), width: Number(width) }),
  );
  const rates = boxes.filter(({ x }) => x === 170);

  it("has a bar for each, as long as its median", () => {
    const [muove, nestjs] = rates.map(({ width }) => width);
    expect(rates).toHaveLength(2);
    expect((muove ?? 0) / (nestjs ?? 1)).toBeCloseTo(1_200 / 500, 1);
  });

  it("stacks the CPU time of caller, service and server without gaps", () => {
    const parts = boxes.filter(({ x, y }) => x >= 530 && y === rates[0]?.y);
    expect(parts.map(({ width }) => width)).toEqual([115, 69, 46]);
    for (const [i, { x, width }] of parts.slice(0, -1).entries()) expect(parts[i + 1]?.x).toBe(x + width);
  });

  it("cuts the CPU time of one that would make the others too short to compare", () => {
    const drawn = drawComparison(
      resultsOf({ muove: [{ "requests-64": run(9) }], fetch: [{ "requests-64": directRun(1, 994) }] }),
    );
    expect(drawn).toContain('<rect x="530" y="98" width="230"');
    expect(drawn.match(/<path/g)).toHaveLength(1);
    expect(drawn).toContain(">1000</text>");
  });
});
