/**
 * The one place where an error becomes a reply.
 *
 * Clients of /api/shared and /api/allinone get the union of the four envelopes that they read
 * (docs/contract.md 1); /api/v1 and /api/admin get RFC 9457. SQL, stacks and parameters stay
 * inside: PostgreSQL's message goes to the log, under the request id of the reply.
 */
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { constraintOf, faultReasonOf, mapDatabaseError, sqlStateOf } from "../../db/sql-state.ts";
import type { ErrorCode } from "../../errors/error-table.ts";
import { type ErrorDetails, isNewDayError, NewDayError } from "../../errors/errors.ts";
import { detailAndHint } from "../../errors/operator-words.ts";
import { toEnvelope } from "./envelope.ts";
import { targetRefusal } from "./utf8-target.ts";

/** `Retry-After` of a request that may succeed unchanged. */
const RETRY_AFTER_S = 1;

const FASTIFY_CODES: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: "payload_too_large",
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: "invalid_json",
  FST_ERR_VALIDATION: "invalid_field",
  FST_ERR_ASYNC_CONSTRAINT: "internal",
};

declare module "fastify" {
  interface FastifyRequest {
    /** The code of the refusal that answers this request, for metrics and the access log. */
    refusedWith?: string;
  }
}

export function addErrorHandler(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, request, reply) =>
    sendError(toNewDayError(error), request, reply),
  );
  app.setNotFoundHandler((request, reply) => sendError(unknownPath(), request, reply));
}

function unknownPath(): NewDayError {
  return new NewDayError("not_found", {
    rule: { en: "this path does not exist", zh: "路径不存在" },
    remedy: { en: "Use one of the paths that /docs lists.", zh: "请使用 /docs 列出的路径" },
  });
}

/** Also for Fastify's `frameworkErrors`, which run before routing. */
export function sendError(
  error: NewDayError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const { status, problemStatus, retryable } = error.definition;
  request.refusedWith = error.code;
  logError(error, request);
  // A rate limit states the rest of its window; other refusals are worth a retry soon.
  const { retryAfterS = RETRY_AFTER_S } = error.details;
  if (retryable && !reply.hasHeader("retry-after")) void reply.header("retry-after", retryAfterS);
  if (isProblemSurface(request))
    return reply
      .code(problemStatus)
      .type("application/problem+json")
      .send(toProblem(error, request));
  void reply.code(status);
  return reply.type("application/json; charset=utf-8").send(toEnvelope(error, request.id));
}

/** Judges the matched route: a target may be absolute or percent-encoded and still reach /api/v1. */
function isProblemSurface({ routeOptions, url }: FastifyRequest): boolean {
  const path = routeOptions?.url ?? url.replace(/^https?:\/\/[^/?]*/i, "");
  return /^\/api\/(?:v1|admin)(?:[/?]|$)/.test(path);
}

/**
 * Translates errors of Fastify, its parser and the database; an unknown one is `internal`. Fastify
 * comes first: a client that hung up is ECONNRESET too, while the database is well.
 */
export function toNewDayError(error: unknown): NewDayError {
  if (isNewDayError(error)) return error;
  const fastify = error as Partial<FastifyError>;
  if (fastify.code === "FST_ERR_BAD_URL") return targetRefusal("path");
  const code = FASTIFY_CODES[fastify.code ?? ""];
  if (code !== undefined)
    return new NewDayError(code, validationDetails(fastify), { cause: error });
  if (fastify.code === "FST_ERR_CTP_INVALID_MEDIA_TYPE") return unreadableMediaType(error);
  if (typeof fastify.statusCode === "number" && fastify.statusCode < 500)
    return new NewDayError("invalid_field", {}, { cause: error });
  const mapped = mapDatabaseError(error);
  if (isNewDayError(mapped)) return mapped;
  return new NewDayError("internal", {}, { cause: error });
}

function unreadableMediaType(cause: unknown): NewDayError {
  return new NewDayError(
    "unsupported_media_type",
    {
      field: "Content-Type",
      rule: { en: "is not a media type", zh: "不是有效的媒体类型" },
      remedy: { en: "Send application/json.", zh: "请使用 application/json" },
    },
    { cause },
  );
}

function validationDetails(error: Partial<FastifyError>): ErrorDetails {
  const [first] = error.validation ?? [];
  if (!first) return {};
  const missing = (first.params as { missingProperty?: string }).missingProperty;
  const path = first.instancePath.slice(1).replaceAll("/", ".");
  const field = [path, missing].filter(Boolean).join(".") || error.validationContext;
  const en = first.message ?? "must have the form that /docs shows";
  return { field, rule: { en, zh: "不符合 /docs 中的格式" } };
}

/**
 * A fault is logged with PostgreSQL's message; "not now" is a short line, because thousands may
 * come.
 */
function logError(error: NewDayError, request: FastifyRequest): void {
  const { status, retryable } = error.definition;
  if (status < 500) return;
  const cause = error.cause;
  const facts = {
    code: error.code,
    sqlState: sqlStateOf(cause),
    constraint: constraintOf(cause),
    ...detailAndHint(cause),
    reason: faultReasonOf(cause),
  };
  if (retryable) request.log.warn(facts, "request refused for now");
  else request.log.error({ ...facts, err: cause ?? error }, "request failed");
}

/** The remedy is the broken rule's; without one, the code's. */
function toProblem(error: NewDayError, request: FastifyRequest): Record<string, unknown> {
  const { problemStatus, retryable, message } = error.definition;
  const { rule, field, remedy = error.definition.remedy, ...extra } = error.details;
  return {
    ...extra, // first, so that details leave the members of RFC 9457 as they are
    type: `/docs/errors/${error.code}`,
    title: message.en,
    titleZh: message.zh,
    status: problemStatus,
    detail: [field, rule?.en].filter((part) => typeof part === "string").join(" ") || error.message,
    instance: request.url.split("?", 1)[0],
    code: error.code,
    ...(field === undefined ? {} : { field }),
    remedy: remedy.en,
    remedyZh: remedy.zh,
    ...(rule === undefined ? {} : { detailZh: rule.zh }),
    retryable,
    requestId: request.id,
  };
}
