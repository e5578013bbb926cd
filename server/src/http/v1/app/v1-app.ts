/** The dependencies of the route files of /api/v1, and the declarations of a route. */
import type { FastifyBaseLogger, FastifyInstance, FastifyRequest, RawServerDefault } from "fastify";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import { NewDayError } from "../../../errors/errors.ts";
import type { Message } from "../../../lib/messages.ts";
import type { Access, Caller } from "./caller.ts";

/** Fastify, scoped to /api/v1, whose handlers get the types of their schemas. */
export type V1App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

declare module "fastify" {
  interface FastifySchema {
    /** What a route of /api/v1 does, in a few words. */
    title?: Message;
    /** Its Chinese, in the OpenAPI document. */
    "x-summary-zh"?: string;
  }
  interface FastifyContextConfig {
    /** The callers of a route of /api/v1; absent on the few public ones. */
    access?: Access;
    /** True on every route that changes money or items: it demands an Idempotency-Key. */
    writes?: boolean;
    /** True on a write that accepts `?dryRun=true`, which needs no key. */
    dryRun?: boolean;
  }
  interface FastifyRequest {
    caller: Caller | null;
    idempotencyKey: string | null;
    /** Where the outcome is stored, for a key of a rare form. */
    storedKey: string | null;
  }
}

/** The caller that the plugin identified before the handler ran. */
export function callerOf(request: FastifyRequest): Caller {
  if (!request.caller) throw new Error("a route without access asked for its caller");
  return request.caller;
}

/** Years of four digits, which PostgreSQL, JavaScript and a reader understand alike. */
const TIME_MIN = Date.UTC(1900, 0, 1);
const TIME_MAX = Date.UTC(9999, 11, 31);

/** JavaScript reads the 30th of February as the 2nd of March. */
function hasDay(text: string): boolean {
  const [year = 0, month = 0, day = 0] = text.slice(0, 10).split("-").map(Number);
  return day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** A time that passed the schema. Errors: `invalid_field` for one like 2026-13-01T00:00Z. */
export function parseTime(text: string | undefined, field: string): Date | undefined {
  if (text === undefined) return undefined;
  const time = new Date(text);
  if (!(time.getTime() >= TIME_MIN && time.getTime() <= TIME_MAX) || !hasDay(text))
    throw new NewDayError("invalid_field", {
      field,
      rule: {
        en: "is not a time of the calendar between 1900 and 9999",
        zh: "必须是 1900 年到 9999 年之间的有效时间",
      },
      remedy: {
        en: "Send a time such as 2026-11-22T08:00:00Z.",
        zh: "请发送形如 2026-11-22T08:00:00Z 的时间",
      },
    });
  return time;
}
