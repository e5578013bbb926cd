/** B15: no cell of an exported statement is a formula. */
import { expect, it } from "vitest";
import { toCsvLine } from "../../../src/http/v1/replies/statement-reply.ts";

const ENTRY = {
  version: "1",
  amount: "-5",
  balanceAfter: "-5",
  counterparty: "bob",
  transferId: "0198c0de-0000-7000-8000-000000000001",
  kind: "transfer",
  recordedAt: "2026-11-22T08:00:00.000Z",
  effectiveAt: "2026-11-22T08:00:00.000Z",
  test: false,
  unverified: false,
} as const;

it.each([
  "=1+1",
  " =1+1",
  "\u00a0\u3000+1",
  "\t-1",
  " \t @a",
  "\u200b=1",
  "\ufeff＝1",
  "\r=1",
  "＠a",
])("B15: a reference %j is written as a text", (reference) => {
  expect(toCsvLine({ ...ENTRY, reference })).toContain(`'${reference}`);
});

it.each(["order 7=7", " a-b", "x", "7"])("B15: a reference %j stays as it is", (reference) => {
  expect(toCsvLine({ ...ENTRY, reference })).toContain(`,${reference},`);
});

it("B15: amounts stay numbers", () => {
  expect(toCsvLine({ ...ENTRY, reference: "x" })).toContain(",-5,-5,");
});
