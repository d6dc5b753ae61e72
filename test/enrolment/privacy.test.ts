import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import en from "../../locales/en.json" with { type: "json" };
import zh from "../../locales/zh-CN.json" with { type: "json" };
import { PRIVACY_VERSION } from "../../src/domain/enrolment.ts";

/** The words of each version, by their hash: whoever changes them gives them a version of their own. */
const VERSIONS: readonly string[] = ["c01f607f6c80dc81"];

it("the words that people agree to are those of their version", () => {
  const words = [en["enrol.privacy"], zh["enrol.privacy"]].join("\n");
  const hash = createHash("sha256").update(words).digest("hex").slice(0, 16);
  expect([PRIVACY_VERSION, VERSIONS[PRIVACY_VERSION - 1]]).toEqual([VERSIONS.length, hash]);
});
