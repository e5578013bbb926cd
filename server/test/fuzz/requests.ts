/** Arbitraries of whole requests: one plan holds everything but the values of earlier replies. */
import fc from "fast-check";
import { hostile, known, valueOf, type Components, type Schema } from "./values.ts";
import type { ContractRoute } from "./contract-routes.ts";

export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required?: boolean;
  readonly schema: Schema;
}

export interface Reply {
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
}

export interface Operation {
  readonly id: string;
  readonly surface: "v1" | "contract";
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly body?: { readonly required: boolean; readonly schema: Schema };
  readonly open: boolean;
  readonly responses: Readonly<Record<string, Reply>>;
}

export interface Document {
  readonly paths: Readonly<
    Record<
      string,
      Readonly<
        Record<
          string,
          {
            readonly operationId: string;
            readonly security: readonly unknown[];
            readonly parameters?: readonly Parameter[];
            readonly requestBody?: {
              readonly required?: boolean;
              readonly content: Readonly<Record<string, { readonly schema: Schema }>>;
            };
            readonly responses: Readonly<Record<string, Reply>>;
          }
        >
      >
    >
  >;
  readonly components: { readonly schemas: Components };
}

export type CallerName = "platform" | "operator" | "user" | "service" | "revoked" | "none";

/** Changes of the text of a body that no parsed value can express. */
export const BODY_TRICKS = [
  "doubled",
  "huge-number",
  "many-digits",
  "proto",
  "deep",
  "truncated",
  "broken-utf8",
  "array",
  "scalar",
  "empty",
  "too-large",
  "spaces",
] as const;
export type BodyTrick = (typeof BODY_TRICKS)[number];

export interface Plan {
  readonly operation: Operation;
  readonly caller: CallerName;
  readonly values: Readonly<Record<string, unknown>>;
  readonly body: unknown;
  readonly bodyTrick: BodyTrick | undefined;
  readonly otherMethod: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** "new", "used", "absent", or the text of a key. */
  readonly key: string;
  readonly target: "plain" | "broken-percent" | "unknown-query" | "doubled-query";
}

export function operationsOf(document: Document): Operation[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const schema = operation.requestBody?.content["application/json"]?.schema;
      return {
        id: operation.operationId,
        surface: "v1" as const,
        method: method.toUpperCase(),
        path,
        parameters: operation.parameters ?? [],
        ...(schema ? { body: { required: operation.requestBody?.required === true, schema } } : {}),
        open: operation.security.length === 0,
        responses: operation.responses,
      };
    }),
  );
}

export function operationOfRoute(route: ContractRoute): Operation {
  return {
    id: `${route.method} ${route.path}`,
    surface: "contract",
    method: route.method,
    path: route.path,
    parameters: [
      ...[...route.path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => ({
        name,
        in: "path" as const,
        required: true,
        schema: { type: "string" },
      })),
      ...Object.keys(route.query ?? {}).map((name) => ({
        name,
        in: "query" as const,
        schema: { type: "string" },
      })),
    ],
    ...(route.body ? { body: { required: true, schema: { type: "object" } } } : {}),
    open: route.caller === "none",
    responses: {},
  };
}

const METHODS = [
  "GET",
  "HEAD",
  "POST",
  "PUT",
  "PATCH",
  "DELETE",
  "OPTIONS",
  "QUERY",
  "TRACE",
  "PROPFIND",
];

const CONTENT_TYPES = [
  "text/plain",
  "application/xml",
  "multipart/form-data; boundary=x",
  "x",
  "application/json; charset=gbk",
];

const oddHeaders = fc.oneof(
  { arbitrary: fc.constant({}), weight: 16 },
  {
    arbitrary: fc.constantFrom(...CONTENT_TYPES).map((type) => ({ "content-type": type })),
    weight: 1,
  },
  {
    arbitrary: fc.constantFrom<Record<string, string>>(
      { "content-encoding": "gzip" },
      { accept: "text/html" },
      { origin: "null" },
      { "x-forwarded-for": "1.2.3.4, ::1" },
      { "x-request-id": "a b" },
      { "if-none-match": "*" },
      { "if-none-match": '"1.1"' },
      { "x-idempotency-key": "misplaced" },
      { authorization: "Basic eDp5" },
    ),
    weight: 1,
  },
);

const NOISE = { valid: 0, nearly: 12, hostile: 60 } as const;

/** Plans of one operation. A contract route brings its own fields. */
export function plansOf(
  operation: Operation,
  components: Components,
  route?: ContractRoute,
): fc.Arbitrary<Plan> {
  const levels = Object.values(NOISE).map((noise) => plan(operation, components, noise, route));
  return fc.oneof(...levels.map((arbitrary, at) => ({ arbitrary, weight: [5, 3, 2][at] ?? 1 })));
}

function plan(
  operation: Operation,
  components: Components,
  noise: number,
  route: ContractRoute | undefined,
): fc.Arbitrary<Plan> {
  const seldom = <T>(arbitrary: fc.Arbitrary<T>, often: number) =>
    noise === 0
      ? fc.constant(undefined)
      : fc.oneof({ arbitrary: fc.constant(undefined), weight: often }, { arbitrary, weight: 1 });
  return fc.record({
    operation: fc.constant(operation),
    caller: callerFor(operation, route),
    values: valuesOf(operation, components, noise, route),
    body: bodyOf(operation, components, noise, route),
    bodyTrick: seldom(fc.constantFrom(...BODY_TRICKS), 12),
    otherMethod: seldom(fc.constantFrom(...METHODS), 20),
    headers: noise === 0 ? fc.constant({}) : (oddHeaders as fc.Arbitrary<Record<string, string>>),
    key: keyOf(noise),
    target: seldom(fc.constantFrom("broken-percent", "unknown-query", "doubled-query"), 20).map(
      (target) => (target ?? "plain") as Plan["target"],
    ),
  });
}

function callerFor(operation: Operation, route?: ContractRoute): fc.Arbitrary<CallerName> {
  const usual: CallerName = route ? route.caller : "platform";
  return fc.oneof(
    { arbitrary: fc.constant(usual), weight: 12 },
    { arbitrary: fc.constant<CallerName>("operator"), weight: operation.surface === "v1" ? 4 : 1 },
    { arbitrary: fc.constant<CallerName>("user"), weight: 3 },
    { arbitrary: fc.constantFrom<CallerName>("none", "revoked", "service"), weight: 1 },
  );
}

function keyOf(noise: number): fc.Arbitrary<string> {
  if (noise === 0) return fc.constant("new");
  return fc.oneof(
    { arbitrary: fc.constant("new"), weight: 14 },
    { arbitrary: fc.constantFrom("used", "absent"), weight: 3 },
    {
      arbitrary: fc.constantFrom("a b", "é", "x".repeat(255), "y".repeat(256), "\t", "~"),
      weight: 1,
    },
  );
}

function valuesOf(
  operation: Operation,
  components: Components,
  noise: number,
  route: ContractRoute | undefined,
): fc.Arbitrary<Record<string, unknown>> {
  const values: Record<string, fc.Arbitrary<unknown>> = {};
  for (const parameter of operation.parameters) {
    const { name } = parameter;
    if (name === "Idempotency-Key") continue;
    const chosen = route?.query?.[name] ?? special(operation, parameter);
    const plain = chosen ?? valueOf(parameter.schema, components, noise, name);
    values[name] =
      noise === 0 || !chosen
        ? plain
        : fc.oneof(
            { arbitrary: chosen, weight: 100 - noise },
            { arbitrary: hostile, weight: noise },
          );
  }
  const required = operation.parameters.filter(
    (one) => one.required === true && one.name in values,
  );
  // Few at a time: every filter of a search at once finds nothing.
  return fc
    .tuple(fc.record(values), fc.array(fc.nat(1_000), { maxLength: 4 }))
    .map(([all, optional]) => {
      const names = Object.keys(all);
      const kept = new Set([
        ...required.map(({ name }) => name),
        ...optional.map((at) => names[at % names.length] ?? ""),
      ]);
      return Object.fromEntries(Object.entries(all).filter(([name]) => kept.has(name)));
    });
}

function special(operation: Operation, parameter: Parameter): fc.Arbitrary<unknown> | undefined {
  if (parameter.name === "cursor") return known(`cursor:${operation.id}`);
  if (parameter.name === "if-match") return known("etag");
  if (parameter.in === "path" && parameter.name !== "currency" && parameter.name !== "userId")
    return known(/\/(\w+)\/\{/.exec(operation.path)?.[1] ?? "any");
  return undefined;
}

function bodyOf(
  { body }: Operation,
  components: Components,
  noise: number,
  route: ContractRoute | undefined,
): fc.Arbitrary<unknown> {
  if (!body) return fc.constant(undefined);
  if (!route?.body) {
    const made = valueOf(body.schema, components, noise);
    return body.required ? made : fc.oneof({ arbitrary: made, weight: 4 }, fc.constant(undefined));
  }
  const fields = Object.fromEntries(
    Object.entries(route.body).map(([name, good]) => [
      name,
      noise === 0
        ? good
        : fc.oneof({ arbitrary: good, weight: 100 - noise }, { arbitrary: hostile, weight: noise }),
    ]),
  );
  return fc.record(fields, noise === 0 ? {} : { requiredKeys: [] });
}
