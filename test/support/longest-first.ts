import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that take ten seconds and more. A whole run waits for one of them that starts late. */
const longest = [
  "broker/hostile",
  "conformance/many-mailboxes",
  "conformance/monitors",
  "examples/examples",
  "failures/F21",
  "failures/F22",
  "shop/story",
  "soak/soak",
  "threats/hostile-traffic",
];

/** In a fresh checkout vitest knows no durations yet, and so starts with the largest files, not the longest. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

const isLong = ({ moduleId }: TestSpecification): boolean => longest.some((name) => moduleId.includes(`test/${name}`));
