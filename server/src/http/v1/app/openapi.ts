/** The OpenAPI 3.1 document of a surface, made from the very schemas that validate. */
import swagger from "@fastify/swagger";
import type { FastifyContextConfig, FastifyInstance, FastifySchema, RouteOptions } from "fastify";

const PROBLEMS: Readonly<Record<number, string>> = {
  400: "A field is invalid; nothing was changed.",
  401: "The credential is missing, unknown, expired or revoked.",
  403: "This caller is not allowed to do this.",
  404: "Not found, or not shown to this caller.",
  409: "The present state does not allow it, or the idempotency key belongs to another request.",
  412: "If-Match names a version that is not the current one.",
  413: "The body is too large: 64 KB, in bulk 1 MB.",
  415: "The body is compressed or encoded otherwise; send it as it is.",
  422: "A business rule does not allow it, such as insufficient funds.",
  429: "Too many requests; wait as Retry-After says.",
  503: "Temporarily unavailable; the same request may succeed later.",
};

/** A surface of the API with a document of its own. */
export interface Surface {
  readonly title: string;
  readonly description: string;
  readonly securitySchemes: Readonly<Record<string, SecurityScheme>>;
  /** The callers of a route, as a sentence and as names of schemes; undefined for an open route. */
  readonly callersOf: (config: FastifyContextConfig) => Callers | undefined;
}

interface Callers {
  readonly who: string;
  readonly security: readonly Record<string, string[]>[];
}

type SecurityScheme =
  | { readonly type: "http"; readonly scheme: "bearer" }
  | { readonly type: "apiKey"; readonly in: "cookie"; readonly name: string };

/** The version of the API: it changes when a client has to change. */
const API_VERSION = "0.1.0";

/** Serves the document at `openapi.json` of the scope. */
export async function addOpenapi(
  scope: FastifyInstance,
  { title, description, securitySchemes, callersOf }: Surface,
): Promise<void> {
  await scope.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title,
        version: API_VERSION,
        description,
        license: { name: "Apache-2.0", identifier: "Apache-2.0" },
      },
      servers: [{ url: "/" }],
      components: { securitySchemes },
    },
    refResolver: { buildLocalReference: ({ $id }) => (typeof $id === "string" ? $id : "Unnamed") },
    transform: ({ schema, url, route }) => ({
      schema: describe(schema ?? {}, route, callersOf(route.config ?? {})),
      url,
    }),
  });
  scope.get("/openapi.json", { schema: { hide: true } as FastifySchema }, (_request, reply) =>
    reply.header("cache-control", "public, max-age=60").send(withTrueBodies(scope.swagger())),
  );
}

/** The member of an operation with its summary in Chinese. */
export const SUMMARY_ZH = "x-summary-zh";

/** Adds the parts of every route: callers, the key of a write, and its errors. */
function describe(
  schema: FastifySchema,
  { config, method }: RouteOptions,
  callers: Callers | undefined,
): FastifySchema {
  if ((schema as { hide?: boolean }).hide) return schema;
  const writes = config?.writes === true;
  const { title, ...rest } = schema;
  if (!title) throw new Error(`the route ${schema.operationId} has no title`);
  const own = schema.description ? `${schema.description}\n\n` : "";
  return {
    ...rest,
    summary: title.en,
    [SUMMARY_ZH]: title.zh,
    description: own + (callers?.who ?? "Open to everyone."),
    security: [...(callers?.security ?? [])],
    ...(writes ? { headers: withKey(schema.headers, config?.dryRun === true) } : {}),
    response: {
      ...problems({
        // A login has no credential but the one in its body.
        credential: callers !== undefined || schema.body !== undefined,
        body: schema.body !== undefined || method === "DELETE",
      }),
      ...answers(schema.response),
    },
  };
}

const ANSWERS: Readonly<Record<string, string>> = {
  200: "The answer.",
  201: "Done, and durable.",
  202: "Waits for a second person.",
  304: "Nothing has changed since the version that If-None-Match names.",
};

function answers(response: unknown): Record<string, object> {
  return Object.fromEntries(
    Object.entries((response ?? {}) as Record<string, object>).map(([status, schema]) => [
      status,
      "content" in schema
        ? { description: ANSWERS[status], ...schema }
        : status === "304"
          ? { description: ANSWERS[status], type: "null" }
          : { description: ANSWERS[status], content: { "application/json": { schema } } },
    ]),
  );
}

interface Body {
  required: boolean;
  readonly content: Record<string, { schema: { required?: string[]; $ref?: string } }>;
}

/** The generator requires every body; one whose fields are all optional may be left out. */
function withTrueBodies<T extends { paths?: object }>(document: T): T {
  const paths = (document.paths ?? {}) as Record<string, Record<string, { requestBody?: Body }>>;
  for (const { requestBody } of Object.values(paths).flatMap((path) => Object.values(path)))
    if (requestBody)
      requestBody.required = Object.values(requestBody.content).some(
        ({ schema }) => schema.$ref !== undefined || (schema.required ?? []).length > 0,
      );
  return document;
}

function withKey(headers: unknown, dryRun: boolean): object {
  const known = headers as { properties?: object; required?: string[] } | undefined;
  return {
    type: "object",
    properties: {
      ...known?.properties,
      "Idempotency-Key": {
        type: "string",
        minLength: 1,
        maxLength: 255,
        pattern: "^[\\x21-\\x7e]([\\x20-\\x7e]*[\\x21-\\x7e])?$",
        description: dryRun
          ? "chosen by the caller, once per intention; required without `dryRun=true`"
          : "chosen by the caller, once per intention",
      },
    },
    required: [...(known?.required ?? []), ...(dryRun ? [] : ["Idempotency-Key"])],
  };
}

function problems(has: { credential: boolean; body: boolean }): Record<string, object> {
  const statuses = Object.entries(PROBLEMS).filter(
    ([status]) =>
      (has.credential || !["401", "403"].includes(status)) &&
      (has.body || !["413", "415"].includes(status)),
  );
  return Object.fromEntries(
    statuses.map(([status, description]) => [
      status,
      { description, content: { "application/problem+json": { schema: { $ref: "Problem#" } } } },
    ]),
  );
}
