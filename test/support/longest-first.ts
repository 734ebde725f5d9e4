import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that take ten seconds and more: started late, each keeps a whole run waiting. */
const longest = ["shop/story", "conformance/monitors", "examples/examples", "soak/soak", "broker/hostile"];

/** A fresh checkout knows no durations yet, and so vitest begins with the largest files, not with the longest. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

const isLong = ({ moduleId }: TestSpecification): boolean => longest.some((name) => moduleId.includes(`test/${name}`));
