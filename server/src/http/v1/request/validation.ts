/**
 * Validation of /api/v1: bodies are taken literally (coercion, dropped fields and defaults are
 * off); query and path are text, so theirs are converted. Refusals name field, rule and remedy.
 *
 * A validator is compiled at its route's first call: compiling all of them would slow the start.
 */
import type { FastifyInstance } from "fastify";
import { Ajv, type ErrorObject, type Options, type ValidateFunction } from "ajv";
import { NewDayError } from "../../../errors/errors.ts";
import type { ErrorCode } from "../../../errors/error-table.ts";
import { isVisible } from "../../../lib/visible-text.ts";
import { brokenRule } from "./form-rules.ts";
import { VISIBLE_KEYWORD, type Component } from "../schemas/schemas.ts";
import type { Message } from "../../../lib/messages.ts";

/** RFC 3339 with its offset, to the nanosecond; that the day exists is checked by `parseTime`. */
const DATE_TIME =
  /^\d{4}-\d{2}-\d{2}T(?:[01]\d|2[0-3]):\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;

const COMMON: Options = {
  // Our own schemas are valid (openapi.test.ts). Ajv would compile its meta-schema first, 0.1 s of each start.
  meta: false,
  validateSchema: false,
  strict: false,
  verbose: true,
  formats: { "date-time": DATE_TIME, uuid: true },
  keywords: [
    {
      keyword: VISIBLE_KEYWORD,
      type: "string",
      validate: (_: boolean, text: string) => isVisible(text),
    },
  ],
};

interface Compilers {
  readonly literal: Ajv;
  readonly textual: Ajv;
}

/**
 * Cache: the compiled schemas of each surface, for the life of the process. They are constants of the routes, so
 * two applications of a process share them. Made at the first one, because commands load this file too.
 */
const compilers = new WeakMap<readonly Component[], Compilers>();

function compilersOf(components: readonly Component[]): Compilers {
  const made = compilers.get(components) ?? {
    literal: new Ajv(COMMON).addSchema([...components]),
    textual: new Ajv({ ...COMMON, useDefaults: true }).addSchema([...components]),
  };
  compilers.set(components, made);
  return made;
}

export function addValidation(app: FastifyInstance, components: readonly Component[]): void {
  const { literal, textual } = compilersOf(components);
  for (const component of components) app.addSchema(component);
  app.setValidatorCompiler(({ schema, httpPart }) => {
    const ajv = httpPart === "body" ? literal : textual;
    let validate: ValidateFunction | undefined;
    return (value: unknown) => {
      validate ??= ajv.compile(schema as object);
      const read = httpPart === "querystring" ? readQuery(schema, value) : value;
      return validate(read) ? { value: read } : { error: toError(validate.errors ?? []) };
    };
  });
}

/** As JSON spells it: Ajv's own conversion reads `0x10`, ` 1` and `1e1` too. */
const INTEGER = /^-?(?:0|[1-9][0-9]*)$/;

/** Converts the whole numbers and booleans of a query; any other text is left for the schema to judge. */
function readQuery(schema: unknown, query: unknown): unknown {
  const { properties = {} } = schema as { properties?: Record<string, { type?: string }> };
  const read = { ...(query as Record<string, unknown>) };
  for (const [name, text] of Object.entries(read)) {
    const type = Object.hasOwn(properties, name) ? properties[name]?.type : undefined;
    if (type === "integer" && typeof text === "string" && INTEGER.test(text))
      read[name] = Number(text);
    if (type === "boolean" && (text === "true" || text === "false")) read[name] = text === "true";
  }
  return read;
}

/** Components whose rule has a code of its own. */
const CODES: Readonly<Record<string, ErrorCode>> = {
  Amount: "invalid_amount",
  SignedAmount: "invalid_amount",
  OpenedUserId: "invalid_user_id",
};

function toError(errors: readonly ErrorObject[]): NewDayError {
  // A value that fits none of several schemas: the schema of the choice states the rule, not its first branch.
  const choice = errors.find(
    ({ keyword, parentSchema }) =>
      keyword === "anyOf" && parentSchema?.["description"] !== undefined,
  );
  const error = choice ?? errors[0];
  if (!error) return new NewDayError("invalid_field");
  const path = error.instancePath.slice(1).replaceAll("/", ".");
  const params = error.params as { missingProperty?: string; additionalProperty?: string };
  const name = params.missingProperty ?? params.additionalProperty ?? error.propertyName;
  const field = [path, name].filter(Boolean).join(".") || "body";
  const parent = (error.parentSchema ?? {}) as { $id?: string };
  if (error.keyword === "required")
    return new NewDayError("missing_fields", {
      field,
      rule: { en: "is required", zh: "不能为空" },
      remedy: { en: "Send it.", zh: "请发送该字段" },
      missingFields: [field],
    });
  if (error.keyword === "additionalProperties") return unknownField(field, error);
  return new NewDayError(CODES[parent.$id ?? ""] ?? "invalid_field", {
    field,
    rule: brokenRule(error),
  });
}

function remedyFor(known: readonly string[]): Message {
  if (known.length === 0) return { en: "Leave it out.", zh: "请省略此字段" };
  const fields = known.join(", ");
  return { en: `Use the known fields: ${fields}.`, zh: `可用字段：${fields}` };
}

function unknownField(field: string, { parentSchema }: ErrorObject): NewDayError {
  const known = Object.keys((parentSchema as { properties?: object }).properties ?? {});
  return new NewDayError("invalid_field", {
    field,
    rule: { en: "is not a field of this request", zh: "不是此请求的字段" },
    remedy: remedyFor(known),
  });
}
