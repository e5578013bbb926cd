/** Reads the fields of a contract body, where one meaning has many spellings (docs/contract.md). */
import { NewDayError } from "../../../errors/errors.ts";

export type Body = Readonly<Record<string, unknown>>;

/** The body that `plugins/json-body.ts` parsed; an empty object for a missing one. */
export function bodyOf(request: { body: unknown }): Body {
  return (request.body ?? {}) as Body;
}

/** The value of the first of `names` in the body; the order of the names is the precedence. */
export function firstOf(body: Body, names: readonly string[]): unknown {
  for (const name of names) {
    const value = body[name];
    if (value !== undefined && value !== null && value !== "") return value;
  }
  return undefined;
}

/** A text of at most `lengthMax` characters, free of control characters, or undefined. */
export function optionalText(
  body: Body,
  names: readonly string[],
  lengthMax: number,
): string | undefined {
  const value = firstOf(body, names);
  if (value === undefined) return undefined;
  const [field] = names;
  if (typeof value !== "string")
    throw new NewDayError("invalid_field", {
      field,
      rule: { en: "must be a string", zh: "必须是字符串" },
    });
  if (Array.from(value).length > lengthMax)
    throw new NewDayError("invalid_field", {
      field,
      rule: { en: `must have at most ${lengthMax} characters`, zh: `最多 ${lengthMax} 个字符` },
    });
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(value) || !value.isWellFormed())
    throw new NewDayError("invalid_field", {
      field,
      rule: { en: "must not hold control characters", zh: "不能包含控制字符" },
    });
  return value;
}

/** Refusal that names every missing field at once. */
export function missingFields(fields: readonly string[]): NewDayError {
  return new NewDayError("missing_fields", {
    missingFields: fields,
    field: fields.join(", "),
    rule: { en: "is required", zh: "不能为空" },
    remedy: { en: "Send it.", zh: "请发送该字段" },
  });
}

/**
 * The value of every named field under the first of its spellings that the body has. Errors:
 * `missing_fields` that names all absent ones at once.
 */
export function requireFields<Name extends string>(
  body: Body,
  spellings: Readonly<Record<Name, readonly string[]>>,
): Record<Name, unknown> {
  const names = Object.keys(spellings) as Name[];
  const values = names.map((name) => [name, firstOf(body, spellings[name])] as const);
  const missing = values.filter(([, value]) => value === undefined).map(([name]) => name);
  if (missing.length > 0) throw missingFields(missing);
  return Object.fromEntries(values) as Record<Name, unknown>;
}
