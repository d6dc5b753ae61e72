import { describe, expect, it } from "vitest";
import type { Duties } from "../../src/domain/renewal.ts";
import { askedAgain, keepsAnswers } from "../../src/domain/renewal.ts";

const DUE = new Date("2026-09-18T09:30:00Z");
const duties = (parts: Partial<Duties> = {}): Duties => ({
  ack: "read",
  dueAt: DUE,
  closing: { kind: "each-unit" },
  ...parts,
});
const hence = (ms: number) => new Date(DUE.getTime() + ms);
const quorum = (needed: number) => ({ kind: "quorum", needed }) as const;

describe("why people are asked again", () => {
  it.each<[string, Partial<Duties>, Partial<Duties>, readonly string[]]>([
    ["nothing is asked otherwise", {}, {}, []],
    ["more is asked", {}, { ack: "undertake" }, ["ack"]],
    ["less is asked", { ack: "evidence" }, {}, []],
    ["it is due a millisecond earlier", {}, { dueAt: hence(-1) }, ["due"]],
    ["it is due later", {}, { dueAt: hence(1) }, []],
    ["it is due for the first time", { dueAt: null }, {}, ["due"]],
    ["it is not due any more", {}, { dueAt: null }, []],
    ["more of a unit have to answer", {}, { closing: quorum(2) }, ["closing"]],
    ["fewer have to", { closing: quorum(3) }, { closing: quorum(2) }, []],
    ["one has to instead of a quorum of one", { closing: quorum(1) }, {}, []],
    ["everyone has to", { closing: quorum(9) }, { closing: { kind: "everyone" } }, ["closing"]],
    ["everyone had to", { closing: { kind: "everyone" } }, { closing: quorum(9) }, []],
    ["nothing is asked any more", { ack: "read" }, { ack: "none", dueAt: hence(-1) }, []],
  ])("where %s", (_, old, next, reasons) => {
    expect(askedAgain(duties(old), duties(next), false)).toEqual(reasons);
  });

  it("is that the issuer says so, where anything is asked", () => {
    expect(askedAgain(duties(), duties(), true)).toEqual(["words"]);
    expect(askedAgain(duties(), duties({ ack: "none" }), true)).toEqual([]);
  });

  it("leaves answers standing only where more people are asked the same", () => {
    expect(
      [[], ["closing"], ["due"], ["closing", "ack"], ["words"]].map((some) => keepsAnswers(some as never)),
    ).toEqual([true, true, false, false, false]);
  });
});
