/** Reads the `Idempotency-Key` header, on surfaces where it is optional. */
import type { FastifyRequest } from "fastify";
import { NewDayError } from "../../errors/errors.ts";

const KEY = /^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/;

/** The form of a key on every surface. */
export function isIdempotencyKey(sent: unknown): sent is string {
  return typeof sent === "string" && KEY.test(sent);
}

/** The rule in the refusal of a malformed key. */
export const KEY_RULE = {
  rule: "must have 1 to 255 printable ASCII characters",
  ruleZh: "必须是 1 到 255 个可打印的 ASCII 字符",
};

/** Errors: `invalid_field` unless the key is 1 to 255 printable characters. */
export function idempotencyKey(request: FastifyRequest): string | undefined {
  const sent = request.headers["idempotency-key"];
  if (sent === undefined) return undefined;
  if (isIdempotencyKey(sent)) return sent;
  throw new NewDayError("invalid_field", { field: "Idempotency-Key", ...KEY_RULE });
}
