import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Interest } from "./interest.js";
import { SubjectTree } from "./subject-tree.js";

const subjects = (tree: SubjectTree<Interest>, subject: string): string[] =>
  tree
    .match(subject)
    .plain.map((each) => each.subject)
    .sort();

function filled(...patterns: string[]): SubjectTree<Interest> {
  const tree = new SubjectTree<Interest>();
  for (const subject of patterns) tree.insert({ subject });
  return tree;
}

/** A reference implementation of matching. */
function matches(pattern: string, subject: string): boolean {
  const expression = pattern
    .split(".")
    .map((token) => (token === "*" ? "[^.]+" : token === ">" ? ".+" : token.replaceAll("*", "\\*")))
    .join("\\.");
  return !subject.split(".").includes("") && new RegExp(`^${expression}$`).test(subject);
}

describe("a tree of subjects", () => {
  it("SUBJECT-TREE-1: finds literal subjects and wildcards", () => {
    const tree = filled("a.b", "a.*", "a.>", ">", "*", "*.b", "a.b.c", "b");
    expect(subjects(tree, "a.b")).toEqual(["*.b", ">", "a.*", "a.>", "a.b"]);
    expect(subjects(tree, "a")).toEqual(["*", ">"]);
    expect(subjects(tree, "a..b")).toEqual([]);
    expect(subjects(tree, "")).toEqual([]);
  });

  it("SUBJECT-TREE-1: treats a wildcard in a published subject as a token that only wildcards match", () => {
    expect(subjects(filled("a.*", "a.>", "a.b", "a.*.c"), "a.*")).toEqual(["a.*", "a.>"]);
  });

  it.each(["a..b", ".a", "a.", ">.a", "a.>.b", ""])("refuses %j", (subject) => {
    const tree = new SubjectTree<Interest>();
    expect(tree.insert({ subject })).toBe(false);
    expect(tree.size).toBe(0);
  });

  it("keeps the members of a group together, whatever subjects they subscribed to", () => {
    const tree = new SubjectTree<Interest>();
    for (const subject of ["a.*", "a.>", "a.b"]) tree.insert({ subject, queue: "q" });
    tree.insert({ subject: "a.b", queue: "other" });
    expect(
      tree
        .match("a.b")
        .groups.map((group) => group.length)
        .sort(),
    ).toEqual([1, 3]);
    expect(tree.match("a.b").plain).toEqual([]);
  });

  const token = fc.constantFrom("a", "b", "*", ">", "a*");
  const pattern = fc.array(token, { minLength: 1, maxLength: 4 }).map((tokens) => tokens.join("."));
  const subject = fc
    .array(fc.constantFrom("a", "b", "a*", ""), { minLength: 1, maxLength: 4 })
    .map((tokens) => tokens.join("."));

  it("SUBJECT-TREE-1, SUBJECT-TREE-2: is correct after any insertions and removals, and empty at the end", () => {
    const change = fc.record({
      pattern,
      queue: fc.option(fc.constantFrom("q", "r"), { nil: undefined }),
      remove: fc.boolean(),
      ask: subject,
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 30 }), (changes) => {
        const tree = new SubjectTree<Interest>();
        const held: Interest[] = [];
        for (const { pattern: subject, queue, remove, ask } of changes) {
          if (remove && held.length > 0) tree.remove(held.pop() as Interest);
          const interest = { subject, queue };
          if (tree.insert(interest)) held.push(interest);
          const { plain, groups } = tree.match(ask);
          const expected = held.filter((each) => matches(each.subject, ask));
          expect(new Set([...plain, ...groups.flat()])).toEqual(new Set(expected));
          expect(plain.length + groups.flat().length).toBe(expected.length);
        }
        for (const interest of held) tree.remove(interest);
        expect(tree.empty).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it("ignores the removal of an unknown interest", () => {
    const tree = filled("a");
    tree.remove({ subject: "a" });
    tree.remove({ subject: "b.c" });
    expect(tree.size).toBe(1);
  });

  it("SUBJECT-TREE-3: takes subjects of any number of tokens", () => {
    const long = Array(500_000).fill("a").join(".");
    const tree = filled(long, "a.>");
    expect(subjects(tree, long)).toEqual(["a.>", long].sort());
    const [found] = tree.match(long).plain.filter((each) => each.subject === long);
    expect(tree.remove(found as Interest)).toBe(true);
    expect(tree.size).toBe(1);
  });

  it("SUBJECT-NODE-2: finds any number of interests in one subject", () => {
    const tree = new SubjectTree<Interest>();
    for (let i = 0; i < 300_000; i++) tree.insert(i % 2 === 0 ? { subject: "a" } : { subject: "a", queue: "q" });
    tree.insert({ subject: "*", queue: "q" });
    for (let i = 0; i < 150_000; i++) tree.insert({ subject: "*", queue: "q" });
    const { plain, groups } = tree.match("a");
    expect([plain.length, groups.length, groups[0]?.length]).toEqual([150_000, 1, 300_001]);
  });
});
