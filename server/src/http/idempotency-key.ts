/** The `Idempotency-Key` header, where a surface honours it without asking for it. */
import type { FastifyRequest } from "fastify";
import { NewDayError } from "../errors.ts";

const KEY = /^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/;

/** What every surface takes for a key. */
export function isIdempotencyKey(sent: unknown): sent is string {
  return typeof sent === "string" && KEY.test(sent);
}

/** What is said of one that is none. */
export const KEY_RULE = {
  rule: "must have 1 to 255 printable ASCII characters",
  ruleZh: "必须是 1 到 255 个可打印的 ASCII 字符",
};

/** Errors: `invalid_field` for a key that is not 1 to 255 printable characters. */
export function idempotencyKey(request: FastifyRequest): string | undefined {
  const sent = request.headers["idempotency-key"];
  if (sent === undefined) return undefined;
  if (isIdempotencyKey(sent)) return sent;
  throw new NewDayError("invalid_field", { field: "Idempotency-Key", ...KEY_RULE });
}
