/** Replies, `--json` lines and stored outcomes keep a text as two members. */
import { expect, test } from "vitest";
import { fromWireDetails, toWireDetails } from "../../src/errors/wire-details.ts";

const DETAILS = {
  field: "amount",
  rule: { en: "is at most 10", zh: "不大于 10" },
  remedy: { en: "Send less.", zh: "请减少" },
  missingFields: ["amount"],
};

const WIRE = {
  field: "amount",
  rule: "is at most 10",
  ruleZh: "不大于 10",
  remedy: "Send less.",
  remedyZh: "请减少",
  missingFields: ["amount"],
};

test("a text becomes two members and comes back as one", () => {
  expect(toWireDetails(DETAILS)).toEqual(WIRE);
  expect(fromWireDetails(WIRE)).toEqual(DETAILS);
  expect(toWireDetails({ field: "id" })).toEqual({ field: "id" });
  expect(fromWireDetails({ field: "id" })).toEqual({ field: "id" });
});

test("a row of a release before without the Chinese keeps its English", () => {
  expect(fromWireDetails({ rule: "is at most 10" })).toEqual({
    rule: { en: "is at most 10", zh: "is at most 10" },
  });
});
