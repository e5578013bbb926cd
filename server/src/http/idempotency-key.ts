/** The `Idempotency-Key` header, where a surface honours it without asking for it. */
import type { FastifyRequest } from "fastify";
import { NewDayError } from "../errors.ts";

const KEY = /^[\u0021-\u007e]{1,255}$/;

/** Errors: `invalid_field` for a key that is not 1 to 255 printable characters. */
export function idempotencyKey(request: FastifyRequest): string | undefined {
  const sent = request.headers["idempotency-key"];
  if (sent === undefined) return undefined;
  if (typeof sent === "string" && KEY.test(sent)) return sent;
  throw new NewDayError("invalid_field", {
    field: "Idempotency-Key",
    rule: "must have 1 to 255 printable ASCII characters",
  });
}
