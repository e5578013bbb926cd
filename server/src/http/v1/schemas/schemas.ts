/**
 * The vocabulary of /api/v1: the schemas that validate requests, shape answers and become the named
 * components of the OpenAPI document. A description states the rule, because a refusal quotes it.
 */
import { visiblePattern } from "../../../lib/visible-text.ts";
import { Type, type Static, type TProperties, type TSchema, type TSchemaOptions } from "typebox";

/** A schema that other schemas refer to by name. */
export type Component = TSchema & { readonly $id: string };

/** A typed `$ref`; the validator and the document resolve it by name. */
export function ref<T extends TSchema>(component: T) {
  const { $id } = component as unknown as { $id: string };
  return Type.Unsafe<Static<T>>({ $ref: `${$id}#` });
}

/**
 * A component or null. Its schema is written out, because generators of clients drop the null beside a
 * `$ref` and refuse the reply.
 */
export function orNull<T extends TSchema>(component: T, options: TSchemaOptions = {}) {
  const { $id: _, ...written } = component as unknown as Record<string, unknown>;
  return Type.Union([Type.Unsafe<Static<T>>(written), Type.Null()], options);
}

/** An object that refuses unknown fields: a misspelt optional field must be noticed. */
export function strictObject<T extends TProperties>(properties: T, options: object = {}) {
  return Type.Object(properties, { additionalProperties: false, ...options });
}

/**
 * Texts that every part of the system can store and show: no control characters. The body's parser refuses
 * half letters. Patterns keep to what ECMA-262, RE2, Python, Java and .NET share, because clients are
 * generated from them: \\xHH is shared, \\p{..} and \\uHHHH are not.
 */
export const PLAIN_TEXT = "^[^\\x00-\\x1f\\x7f-\\x9f]+$";

/** The keyword of a text that needs a visible character; the validator checks all planes of Unicode. */
export const VISIBLE_KEYWORD = "x-visible";

function visibleText(refused: string) {
  return { pattern: visiblePattern(refused), [VISIBLE_KEYWORD]: true };
}

/** Names that are shown to others: also without markup, line separators and marks of direction. */
export const SHOWN_NAME = visibleText("\\x00-\\x1f\\x7f-\\x9f<>\u2028-\u202e\u2066-\u2069");

/** An enumeration of words. */
export function oneOf<const Words extends readonly string[]>(words: Words, options: object = {}) {
  const description = `one of ${words.join(", ")}`;
  return Type.Unsafe<Words[number]>({ type: "string", enum: [...words], description, ...options });
}

export const Amount = Type.String({
  $id: "Amount",
  pattern: "^[1-9][0-9]{0,18}$",
  description: "a whole number of minor units above zero, as a decimal string of 1 to 19 digits",
  examples: ["100"],
});

export const SignedAmount = Type.String({
  $id: "SignedAmount",
  pattern: "^(0|-?[1-9][0-9]{0,18})$",
  description: "a whole number of minor units, as a decimal string of 1 to 19 digits",
  examples: ["-100"],
});

export const UserId = Type.String({
  $id: "UserId",
  minLength: 1,
  maxLength: 255,
  pattern: PLAIN_TEXT,
  description: "the public id of a user: what the platform sent, 1 to 255 characters",
  examples: ["user-001"],
});

/** The id of a user who is opened; docs/login.md says which ids are reserved. */
export const OpenedUserId = Type.String({
  $id: "OpenedUserId",
  minLength: 1,
  maxLength: 255,
  pattern: "^[A-Za-z0-9][A-Za-z0-9._:@+~=|-]*$",
  description:
    "1 to 255 ASCII letters, digits and . _ : @ + ~ = | -, beginning with a letter or digit",
  examples: ["user-001"],
});

export const CurrencyCodeSchema = Type.String({
  $id: "CurrencyCode",
  pattern: "^[a-z][a-z0-9_]{1,31}$",
  description: "the code of a currency, such as game_coins; see GET /api/v1/currencies",
  examples: ["game_coins"],
});

export const Id = Type.String({
  $id: "Id",
  pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
  description: "a UUID in lower case",
  examples: ["0198c0de-0000-7000-8000-000000000001"],
});

export const Timestamp = Type.String({
  $id: "Timestamp",
  format: "date-time",
  description:
    "an RFC 3339 time of the years 1900 to 9999 with its offset, such as 2026-11-22T08:00:00Z; it is kept to the millisecond, finer digits are cut",
  examples: ["2026-11-22T08:00:00.000Z"],
});

export const Metadata = Type.Record(
  Type.String(),
  Type.Union(
    [
      Type.String({ maxLength: 500, pattern: PLAIN_TEXT }),
      Type.Boolean(),
      Type.Integer({ minimum: -Number.MAX_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER }),
    ],
    { description: "a whole number, a boolean, or a text of 1 to 500 characters" },
  ),
  {
    $id: "Metadata",
    maxProperties: 20,
    propertyNames: {
      pattern: "^[A-Za-z][A-Za-z0-9_.-]{0,63}$",
      description: "a name of 1 to 64 letters, digits and _ . -, beginning with a letter",
    },
    description:
      "at most 20 facts of the caller's own: names of letters, digits and _ . -, values are texts of " +
      "1 to 500 characters, whole numbers or booleans",
  },
);

export const Reference = Type.String({
  $id: "Reference",
  minLength: 1,
  maxLength: 255,
  ...visibleText("\\x00-\\x1f\\x7f-\\x9f"),
  description:
    "the caller's own reference: 1 to 255 characters, one of which can be seen, no control " +
    "characters; not necessarily unique",
  examples: ["order-42"],
});

/** Shown to both sides of a transfer. */
export const Reason = Type.String({
  $id: "Reason",
  minLength: 1,
  maxLength: 255,
  ...SHOWN_NAME,
  description: "why: 1 to 255 characters without markup, one of which can be seen",
  examples: ["prize of the spring tournament"],
});

/** Optional fields of every posting. */
export const postingOptions = {
  reference: Type.Optional(ref(Reference)),
  metadata: Type.Optional(ref(Metadata)),
  effectiveAt: Type.Optional(ref(Timestamp)),
};

/** Which identity a person has elsewhere is theirs to tell. */
export const Through = Type.Optional(
  Type.String({
    description: "the linked identity through which the user asked, to their own sessions alone",
  }),
);

/** Those of a transfer. */
export const transferOptions = { ...postingOptions, reason: Type.Optional(ref(Reason)) };

/** Optional on writes to one account or item: the write is refused once that has changed. */
export const ifMatchHeader = Type.Object({
  "if-match": Type.Optional(
    Type.String({
      description: "the ETag of the account that pays, or of the item, as GET gave it",
    }),
  ),
});

export const dryRunQuery = strictObject({
  dryRun: Type.Optional(
    Type.Boolean({
      default: false,
      description: "true or false; true answers what would happen, and nothing happens",
    }),
  ),
});

export const Problem = Type.Object(
  {
    type: Type.String({
      description: "a page that explains the code",
      examples: ["/docs/errors/not_found"],
    }),
    title: Type.String(),
    titleZh: Type.String(),
    status: Type.Integer(),
    detail: Type.String({ description: "which field breaks which rule" }),
    detailZh: Type.Optional(Type.String()),
    instance: Type.String(),
    code: Type.String({ description: "stable; decide by it, never by a text" }),
    field: Type.Optional(Type.String()),
    remedy: Type.String({ description: "what to change" }),
    remedyZh: Type.Optional(Type.String()),
    retryable: Type.Boolean({ description: "true when the same request may succeed later" }),
    requestId: Type.String(),
  },
  { $id: "Problem", description: "RFC 9457; some codes add members" },
);

/** Page size of every listing. */
export const PAGE_SIZE_DEFAULT = 50;
/** Large enough for a screen or an export loop, small enough for one quick statement. */
export const PAGE_SIZE_MAX = 200;

export const pageQuery = {
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: PAGE_SIZE_MAX,
      default: PAGE_SIZE_DEFAULT,
      description: `a whole number from 1 to ${PAGE_SIZE_MAX}`,
    }),
  ),
  cursor: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 1024,
      description: "`nextCursor` of the page before, unchanged",
    }),
  ),
};

export function pageOf<T extends TSchema>(item: T) {
  return Type.Object({
    data: Type.Array(item),
    nextCursor: Type.Union([Type.String(), Type.Null()], {
      description: "null on the last page",
    }),
  });
}
