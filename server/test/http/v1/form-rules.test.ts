/** Refusals of the form say the rule in both languages. */
import { Ajv } from "ajv";
import { expect, it } from "vitest";
import { brokenRule } from "../../../src/http/v1/request/form-rules.ts";
import { Amount, strictObject } from "../../../src/http/v1/schemas/schemas.ts";
import { Type } from "typebox";

const schema = strictObject({
  amount: Type.Optional(Amount),
  name: Type.Optional(Type.String({ minLength: 1, maxLength: 4 })),
  legs: Type.Optional(Type.Array(Type.String(), { minItems: 2 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
  state: Type.Optional(Type.Enum(["active", "closed"])),
  until: Type.Optional(Type.String({ format: "date-time" })),
});

it.each([
  [{ amount: "-1" }, "whole number of minor units", "大于零的整数"],
  [{ amount: 1 }, "whole number of minor units", "大于零的整数"],
  [{ name: "" }, "must have 1 to 4 characters", "必须为 1 到 4 个字符"],
  [{ name: "abcde" }, "must have 1 to 4 characters", "必须为 1 到 4 个字符"],
  [{ name: 5 }, "must be string", "类型必须是字符串"],
  [{ legs: ["x"] }, "must have at least 2 entries", "至少 2 项"],
  [{ limit: 0 }, "must be 1 to 200", "必须为 1 到 200"],
  [{ limit: 0.5 }, "must be integer", "类型必须是整数"],
  [{ state: "x" }, "must be one of active, closed", "必须是以下之一：active、closed"],
  [{ until: "today" }, "must be a time with its offset", "必须是带时区的时间"],
])("%j", (body, en, zh) => {
  const validate = new Ajv({ verbose: true, formats: { "date-time": /T/ } }).compile(schema);
  expect(validate(body)).toBe(false);
  const [error] = validate.errors ?? [];
  const rule = error && brokenRule(error);
  expect(rule?.en).toContain(en);
  expect(rule?.zh).toContain(zh);
});
