import { describe, expect, it } from "vitest";
import type { Interest } from "../subjects/interest.js";
import { Sublist } from "./sublist.js";

const subjects = (sublist: Sublist<Interest>, subject: string): string[] =>
  sublist
    .match(subject)
    .plain.map((each) => each.subject)
    .sort();

describe("a sublist", () => {
  it("SUBLIST-1: drops cached matches that a change affects", () => {
    const sublist = new Sublist<Interest>();
    sublist.insert({ subject: "a.b" });
    const late = { subject: "a.*" };
    expect(subjects(sublist, "a.b")).toEqual(["a.b"]);
    sublist.insert(late);
    expect(subjects(sublist, "a.b")).toEqual(["a.*", "a.b"]);
    sublist.remove(late);
    expect(subjects(sublist, "a.b")).toEqual(["a.b"]);
    sublist.insert({ subject: "a.b" });
    expect(subjects(sublist, "a.b")).toEqual(["a.b", "a.b"]);
  });

  it("SUBLIST-2: stays correct with more subjects than the cache holds", () => {
    const sublist = new Sublist<Interest>();
    sublist.insert({ subject: "x.*" });
    for (let i = 0; i < 20_000; i++) expect(sublist.match(`x.${i}`).plain.length).toBe(1);
  });
});
