/**
 * The Idempotency-Key of a request: mandatory on every write of /api/v1, optional on the older
 * surfaces. /api/v1 refuses a key under any other name by that name: an overlooked key makes a retry
 * post twice.
 */
import type { FastifyRequest } from "fastify";
import { NewDayError } from "../../errors/errors.ts";

const KEY = /^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/;
const KEY_RULE = {
  rule: {
    en: "must have 1 to 255 printable ASCII characters",
    zh: "必须是 1 到 255 个可打印的 ASCII 字符",
  },
};
const HEADER = "idempotency-key";
const REMEDY = {
  remedy: {
    en: "Send the header `Idempotency-Key: <1 to 255 printable ASCII characters>`.",
    zh: "请发送请求头 Idempotency-Key: <1 到 255 个可打印的 ASCII 字符>",
  },
};

/** The form of a key on every surface. */
function isWellFormed(sent: unknown): sent is string {
  return typeof sent === "string" && KEY.test(sent);
}

/** The key of an older surface, or undefined. Errors: `invalid_field`. */
export function readIdempotencyKey(request: FastifyRequest): string | undefined {
  const sent = request.headers[HEADER];
  if (sent === undefined) return undefined;
  if (isWellFormed(sent)) return sent;
  throw new NewDayError("invalid_field", { field: "Idempotency-Key", ...KEY_RULE });
}

/** Errors: `idempotency_key_required`, `idempotency_key_invalid`, `idempotency_key_misplaced`. */
export function requireIdempotencyKey(request: FastifyRequest): string {
  refuseNearMisses(request);
  const key = request.headers[HEADER];
  if (key === undefined || key === "")
    throw new NewDayError("idempotency_key_required", { field: "Idempotency-Key", ...REMEDY });
  if (!isWellFormed(key))
    throw new NewDayError("idempotency_key_invalid", {
      field: "Idempotency-Key",
      ...KEY_RULE,
      ...REMEDY,
    });
  return key;
}

function refuseNearMisses({ raw, query, body }: FastifyRequest): void {
  const headers = raw.rawHeaders.filter((_text, index) => index % 2 === 0);
  const misspelt = headers.find((name) => isNearMiss(name) && name.toLowerCase() !== HEADER);
  if (misspelt !== undefined) throw misplaced(`header ${misspelt}`);
  if (headers.filter((name) => name.toLowerCase() === HEADER).length > 1)
    throw new NewDayError("idempotency_key_invalid", {
      field: "Idempotency-Key",
      rule: { en: "must be sent once", zh: "只能发送一次" },
      ...REMEDY,
    });
  for (const [place, members] of [
    ["query parameter", query],
    ["body field", body],
  ] as const) {
    const name = Object.keys((members as object | null) ?? {}).find(isNearMiss);
    if (name !== undefined) throw misplaced(`${place} ${name}`);
  }
}

/** `X-Idempotency`, `Idempotency_Key`, `idempotencyKey`, `Idempotancy-Key` and their like. */
function isNearMiss(name: string): boolean {
  return /idempot[ae]n/.test(name.toLowerCase().replaceAll(/[^a-z]/g, ""));
}

function misplaced(field: string): NewDayError {
  return new NewDayError("idempotency_key_misplaced", {
    field,
    rule: { en: "is not where the key is read from", zh: "不是读取幂等键的位置" },
    ...REMEDY,
  });
}
