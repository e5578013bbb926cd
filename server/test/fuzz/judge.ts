/** Judges one answer: never a fault, always as its schema says, and refused exactly where the schema refuses. */
import { Ajv, type ValidateFunction } from "ajv";
import { ERRORS } from "../../src/errors/error-table.ts";
import type { ContractRoute } from "./contract-routes.ts";
import type { Sent } from "./encode.ts";
import type { Document, Operation } from "./requests.ts";
import type { Schema } from "./values.ts";

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** A reason to be red; `kind` and `rule` group equal ones. */
export interface Fault {
  readonly kind: string;
  readonly rule: string;
}

export type Judge = (operation: Operation, sent: Sent, answer: Answer) => Fault[];

const DATE_TIME = /^\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;

/** Refusals by form that say so themselves; every other code is about the state of things. */
const FORM_CODES = new Set([
  "invalid_field",
  "invalid_amount",
  "invalid_user_id",
  "missing_fields",
  "invalid_json",
  "idempotency_key_invalid",
  "idempotency_key_required",
]);

/** Rules that no schema can state; each is said by the description of its field. */
const OUTSIDE_SCHEMAS: readonly RegExp[] = [
  /half a letter/, // JSON Schema has no word for a lone surrogate
  /that JSON keeps exactly/, // JSON Schema compares numbers, not their digits
  /is not a time of the calendar/, // February 30th
  /lies in the future|must be in the future|must be later|before/, // the clock, or another field
  /is required with|is needed with a platform key/, // one field or caller demands another
  /for the window rolling, and left out|is sent exactly for the scope/,
  /for the kind (integer|text|choice|flag)|is no member of the kind/, // a field's kind says which others it has
  /with a letter or digit among them/, // no class of letters that every client's language shares
  /must not be below/, // the other end of a range
  /name a definition once/, // equal in one member only
  /at most 9223372036854775807/, // a pattern of 19 alternatives that no reader would check
  // Adopted users keep ids that new users may not have: the schema of reading allows both.
  /may hold ASCII letters|is a reserved name/,
  // The state of things.
  /are for items of a platform's own type|names the person, and stays in the log/,
  /is not a definition of any item|the hold names no payee|is no platform of New Day/,
  /must be an https address/, // a pattern cannot parse a whole address
  /must not hold markup/, // a tag is told from a comparison by a look ahead, which RE2 lacks
  /^grants\.\d+\./, // each grant of a bulk is judged on its own, after the schema
  /bytes/, // JSON Schema counts letters and members
];

const CONTRACT_CODES = new Set<string>(
  Object.values(ERRORS).map(({ contractCode }) => contractCode),
);

export function createJudge(document: Document, routes: readonly ContractRoute[]): Judge {
  const ajv = new Ajv({
    strict: false,
    allErrors: false,
    formats: { "date-time": DATE_TIME, uuid: true },
  });
  ajv.addSchema({ $id: "openapi", components: document.components });
  const compiled = new Map<string, ValidateFunction>();
  const validator = (name: string, schema: Schema): ValidateFunction => {
    const validate =
      compiled.get(name) ??
      ajv.compile(
        JSON.parse(
          JSON.stringify(schema).replaceAll('"#/components', '"openapi#/components'),
        ) as object,
      );
    compiled.set(name, validate);
    return validate;
  };
  const replyOf = new Map(routes.map(({ method, path, reply }) => [`${method} ${path}`, reply]));

  return (operation, sent, answer) => {
    const { status } = answer;
    if (status >= 500) return [{ kind: "5xx", rule: `${status} ${codeOf(answer)}` }];
    const faults = judgeEnvelope(sent, answer);
    if (sent.method === operation.method) {
      if (sent.mustRefuse !== undefined && status < 400)
        faults.push({ kind: "accepted", rule: sent.mustRefuse });
      if (operation.surface === "v1" && sent.reachesRoute) {
        faults.push(...judgeV1(operation, answer, validator));
        faults.push(...judgeForm(operation, sent, answer, validator));
      } else if (operation.surface === "contract" && sent.reachesRoute && status < 300)
        faults.push(...matches(validator, operation.id, replyOf.get(operation.id) ?? {}, answer));
    }
    return faults;
  };
}

type Validator = (name: string, schema: Schema) => ValidateFunction;

/** Every refusal names its code and is readable for its surface's clients. */
function judgeEnvelope(sent: Sent, answer: Answer): Fault[] {
  const { status, headers } = answer;
  if (sent.method === "HEAD" || status === 304 || status === 204)
    return answer.text === "" ? [] : [{ kind: "reply", rule: `${status} with a body` }];
  if (status === 405 && headers["allow"] === undefined)
    return [{ kind: "reply", rule: "405 without Allow" }];
  if (status < 400) return [];
  const body = parse(answer.text) as Record<string, unknown> | undefined;
  const type = String(headers["content-type"]);
  if (body === undefined || !type.includes("json"))
    return [{ kind: "reply", rule: `${status} that is no JSON: ${type}` }];
  // A target that reaches no route of /api/v1 is answered as the older surfaces are.
  if (type.startsWith("application/problem+json")) {
    if (body["status"] === status && Object.hasOwn(ERRORS, String(body["code"]))) return [];
    return [{ kind: "reply", rule: `problem with code ${String(body["code"])}` }];
  }
  const isWhole =
    body["success"] === false &&
    typeof body["message"] === "string" &&
    body["error"] === body["message"] &&
    CONTRACT_CODES.has(String(body["errorCode"]));
  return isWhole ? [] : [{ kind: "reply", rule: `${status} without the error envelope` }];
}

function judgeV1(operation: Operation, answer: Answer, validator: Validator): Fault[] {
  const { status } = answer;
  const documented = operation.responses[String(status)];
  if (!documented) return [{ kind: "undocumented status", rule: `${status} ${codeOf(answer)}` }];
  if (!documented.content) return [];
  const type = String(answer.headers["content-type"]).split(";", 1)[0] ?? "";
  const media = documented.content[type];
  if (!media) return [{ kind: "undocumented media type", rule: `${status} ${type}` }];
  if (!type.endsWith("json")) return [];
  return matches(validator, `${operation.id} ${status}`, media.schema, answer);
}

function matches(validator: Validator, name: string, schema: Schema, answer: Answer): Fault[] {
  const validate = validator(name, schema);
  if (validate(parse(answer.text))) return [];
  const [error] = validate.errors ?? [];
  const where = error?.instancePath.replaceAll(/\d+/g, "*");
  return [{ kind: "reply breaks its schema", rule: `${answer.status} ${where} ${error?.message}` }];
}

/** Both directions: what the schema refuses is refused, what it allows is never refused by form. */
function judgeForm(
  operation: Operation,
  { judged }: Sent,
  answer: Answer,
  validator: Validator,
): Fault[] {
  if (!judged || answer.status === 401 || answer.status === 403 || answer.status === 413) return [];
  const broken = brokenRule(operation, judged, validator);
  if (broken !== undefined && answer.status < 300)
    return [{ kind: "schema refuses, server accepts", rule: broken }];
  if (broken !== undefined || answer.status !== 400 || !FORM_CODES.has(codeOf(answer))) return [];
  const { detail, field } = parse(answer.text) as { detail?: string; field?: string };
  if (OUTSIDE_SCHEMAS.some((rule) => rule.test(detail ?? ""))) return [];
  if (codeOf(answer) === "idempotency_key_required" && judged.values["dryRun"] !== "true")
    return [];
  return [
    {
      kind: "schema allows, server refuses the form",
      rule: `${codeOf(answer)} ${(field ?? "").replaceAll(/\d+/g, "*")} ${detail?.slice(0, 120)}`,
    },
  ];
}

function brokenRule(
  operation: Operation,
  { values, body }: NonNullable<Sent["judged"]>,
  validator: Validator,
): string | undefined {
  for (const { name, in: place, required, schema } of operation.parameters) {
    const text = values[name];
    if (text === undefined) {
      if (required === true) return `${place} ${name} is required`;
      continue;
    }
    const validate = validator(`${operation.id} ${place} ${name}`, schema);
    if (!validate(typed(text, schema))) return `${place} ${name} ${validate.errors?.[0]?.message}`;
  }
  if (!operation.body) return undefined;
  if (body === undefined) return operation.body.required ? "body is required" : undefined;
  const validate = validator(`${operation.id} body`, operation.body.schema);
  if (validate(body)) return undefined;
  const [error] = validate.errors ?? [];
  return `body${error?.instancePath.replaceAll(/\d+/g, "*")} ${error?.message}`;
}

/** Numbers and booleans of a query are spelt as in JSON. */
function typed(text: string, { type }: Schema): unknown {
  if (type === "integer" && /^-?(0|[1-9]\d*)$/.test(text)) return Number(text);
  if (type === "boolean" && (text === "true" || text === "false")) return text === "true";
  return text;
}

function codeOf({ text }: Answer): string {
  const body = parse(text) as { code?: unknown } | undefined;
  return typeof body?.code === "string" ? body.code : "";
}

export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // SyntaxError
  }
}
