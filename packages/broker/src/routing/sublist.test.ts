import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Interest, Sublist } from "./sublist.js";

const subjects = (sublist: Sublist<Interest>, subject: string): string[] =>
  sublist
    .match(subject)
    .plain.map((each) => each.subject)
    .sort();

function filled(...patterns: string[]): Sublist<Interest> {
  const sublist = new Sublist<Interest>();
  for (const subject of patterns) sublist.insert({ subject });
  return sublist;
}

/** What matching means, without a tree. */
function matches(pattern: string, subject: string): boolean {
  const expression = pattern
    .split(".")
    .map((token) => (token === "*" ? "[^.]+" : token === ">" ? ".+" : token.replaceAll("*", "\\*")))
    .join("\\.");
  return !subject.split(".").includes("") && new RegExp(`^${expression}$`).test(subject);
}

describe("a sublist", () => {
  it("S1: finds literal subjects and wildcards", () => {
    const sublist = filled("a.b", "a.*", "a.>", ">", "*", "*.b", "a.b.c", "b");
    expect(subjects(sublist, "a.b")).toEqual(["*.b", ">", "a.*", "a.>", "a.b"]);
    expect(subjects(sublist, "a")).toEqual(["*", ">"]);
    expect(subjects(sublist, "a..b")).toEqual([]);
    expect(subjects(sublist, "")).toEqual([]);
  });

  it("S1: takes a wildcard in what is published for a token that only wildcards match", () => {
    expect(subjects(filled("a.*", "a.>", "a.b", "a.*.c"), "a.*")).toEqual(["a.*", "a.>"]);
  });

  it.each(["a..b", ".a", "a.", ">.a", "a.>.b", ""])("refuses %j", (subject) => {
    const sublist = new Sublist<Interest>();
    expect(sublist.insert({ subject })).toBe(false);
    expect(sublist.size).toBe(0);
  });

  it("keeps the members of a group together, whatever subject they came by", () => {
    const sublist = new Sublist<Interest>();
    for (const subject of ["a.*", "a.>", "a.b"]) sublist.insert({ subject, queue: "q" });
    sublist.insert({ subject: "a.b", queue: "other" });
    expect(
      sublist
        .match("a.b")
        .groups.map((group) => group.length)
        .sort(),
    ).toEqual([1, 3]);
    expect(sublist.match("a.b").plain).toEqual([]);
  });

  const token = fc.constantFrom("a", "b", "*", ">", "a*");
  const pattern = fc.array(token, { minLength: 1, maxLength: 4 }).map((tokens) => tokens.join("."));
  const subject = fc
    .array(fc.constantFrom("a", "b", "a*", ""), { minLength: 1, maxLength: 4 })
    .map((tokens) => tokens.join("."));

  it("S1, S2, S3: finds after any insertions and removals what is in it, and is empty when all are out", () => {
    const change = fc.record({
      pattern,
      queue: fc.option(fc.constantFrom("q", "r"), { nil: undefined }),
      remove: fc.boolean(),
      ask: subject,
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 30 }), (changes) => {
        const sublist = new Sublist<Interest>();
        const held: Interest[] = [];
        for (const { pattern: subject, queue, remove, ask } of changes) {
          if (remove && held.length > 0) sublist.remove(held.pop() as Interest);
          const interest = { subject, queue };
          if (sublist.insert(interest)) held.push(interest);
          const { plain, groups } = sublist.match(ask);
          const expected = held.filter((each) => matches(each.subject, ask));
          expect(new Set([...plain, ...groups.flat()])).toEqual(new Set(expected));
          expect(plain.length + groups.flat().length).toBe(expected.length);
        }
        for (const interest of held) sublist.remove(interest);
        expect(sublist.empty).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it("S2: remembers no answer past a change", () => {
    const sublist = filled("a.b");
    const late = { subject: "a.*" };
    expect(subjects(sublist, "a.b")).toEqual(["a.b"]);
    sublist.insert(late);
    expect(subjects(sublist, "a.b")).toEqual(["a.*", "a.b"]);
    sublist.remove(late);
    expect(subjects(sublist, "a.b")).toEqual(["a.b"]);
  });

  it("does nothing when what is removed is not in it", () => {
    const sublist = filled("a");
    sublist.remove({ subject: "a" });
    sublist.remove({ subject: "b.c" });
    expect(sublist.size).toBe(1);
  });

  it("stays right when more subjects are asked for than it remembers", () => {
    const sublist = filled("x.*");
    for (let i = 0; i < 10_000; i++) expect(sublist.match(`x.${i}`).plain.length).toBe(1);
  });
});
