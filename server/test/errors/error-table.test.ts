import { describe, expect, it } from "vitest";
import type { ErrorDefinition } from "../../src/errors/error-row.ts";
import { ERRORS } from "../../src/errors/error-table.ts";
import { NewDayError } from "../../src/errors/errors.ts";
import { explainError } from "../../src/errors/explain-error.ts";

const ROWS = Object.entries<ErrorDefinition>(ERRORS);
const CHINESE = /[\u4e00-\u9fff]/;
/** What a command may end with. */
const EXIT_CODES = [1, 2, 3, 4, 5, 6, 7, 8, 9];

describe("the error table", () => {
  it.each(ROWS)("%s has its message and its remedy in both languages", (_code, row) => {
    for (const { en, zh } of [row.message, row.remedy]) {
      expect(en).toMatch(/^[A-Z`].*\.$/);
      expect(en).not.toMatch(CHINESE);
      expect(zh).toMatch(CHINESE);
    }
    expect(row.contractCode).toMatch(/^[A-Z_]+$/);
    expect(EXIT_CODES).toContain(row.exitCode);
    expect(row.status).toBeGreaterThanOrEqual(400);
  });

  it("allows a retry for 408, 429 and 503 only, and for each of them", () => {
    for (const [code, { status, retryable }] of ROWS)
      expect(retryable, code).toBe([408, 429, 503].includes(status));
  });

  it("has a remedy that is an imperative sentence", () => {
    for (const [code, { remedy }] of ROWS)
      expect(remedy.en.replace(/^Operator: /, ""), code).toMatch(/^[A-Z]?[a-z`]+ /);
  });
});

describe("explainError", () => {
  it("S4: names the operator before a command, where callers of HTTP meet it", () => {
    const ofCommands = /^(repair_(?!due)|rollback_|notify_|key_not_found$)/;
    for (const [code, { remedy }] of Object.entries(ERRORS)) {
      if (ofCommands.test(code)) continue;
      for (const [text, operator] of [
        [remedy.en, "Operator: "],
        [remedy.zh, "运维人员："],
      ] as const) {
        const at = text.search(/newday [a-z]/);
        if (at >= 0) expect(text.slice(0, at), `${code}: ${text}`).toContain(operator);
      }
    }
  });

  it("says message, field, rule and remedy in the language of the reader", () => {
    const error = new NewDayError("invalid_field", {
      field: "amount",
      rule: { en: "is at most 10", zh: "不大于 10" },
    });
    expect(explainError(error, "en")).toBe(
      "A field is invalid. — amount is at most 10 — Correct the field that the answer names and send the request again.",
    );
    expect(explainError(error, "zh")).toBe(
      "参数不符合规则 — amount 不大于 10 — 请更正回复中指出的字段后重新发送",
    );
  });

  it("adds PostgreSQL's DETAIL and HINT from the nearest cause that has them", () => {
    const postgres = Object.assign(new Error("permission denied"), {
      code: "42501",
      detail: "Role app lacks CREATE.",
      hint: "Grant it.",
    });
    const error = new NewDayError(
      "database_unavailable",
      {},
      { cause: new Error("wrapped", { cause: postgres }) },
    );
    for (const each of [error, postgres])
      expect(explainError(each, "en")).toMatch(
        / — DETAIL: Role app lacks CREATE\. — HINT: Grant it\.$/,
      );
  });
});
