/** The OpenAPI 3.1 document of /api/v1, made from the very schemas that validate. */
import swagger from "@fastify/swagger";
import type { FastifyInstance, FastifySchema, RouteOptions } from "fastify";

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

const DESCRIPTION = `One wallet, inventory and market for every user of every platform.

Amounts are decimal strings of minor units. Every request that moves money or items carries an
\`Idempotency-Key\`; repeating it repeats the first answer. Errors are RFC 9457 with a stable \`code\`.`;

/** The version of the API: it changes when a client has to change. */
const API_VERSION = "0.1.0";

export async function addOpenapi(scope: FastifyInstance): Promise<void> {
  await scope.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "New Day",
        version: API_VERSION,
        description: DESCRIPTION,
        license: { name: "Apache-2.0", identifier: "Apache-2.0" },
      },
      servers: [{ url: "/" }],
      components: { securitySchemes: { bearer: { type: "http", scheme: "bearer" } } },
    },
    refResolver: { buildLocalReference: ({ $id }) => (typeof $id === "string" ? $id : "Unnamed") },
    transform: ({ schema, url, route }) => ({ schema: describe(schema ?? {}, route), url }),
  });
  scope.get("/openapi.json", { schema: { hide: true } as FastifySchema }, (_request, reply) =>
    reply.header("cache-control", "public, max-age=60").send(withTrueBodies(scope.swagger())),
  );
}

/** Adds the parts of every route: callers, the key of a write, and its errors. */
function describe(schema: FastifySchema, { config }: RouteOptions): FastifySchema {
  if ((schema as { hide?: boolean }).hide) return schema;
  const access = config?.access;
  const writes = config?.writes === true;
  const who = access
    ? `Keys need the scope \`${access.scope}\`${access.users ? "; users may call it for themselves" : ""}.`
    : "Open to everyone.";
  const own = schema.description ? `${schema.description}\n\n` : "";
  return {
    ...schema,
    description: own + who,
    security: access ? [{ bearer: [] }] : [],
    ...(writes ? { headers: withKey(schema.headers, config?.dryRun === true) } : {}),
    response: {
      ...problems({ access: access !== undefined, body: schema.body !== undefined }),
      ...answers(schema.response),
    },
  };
}

const ANSWERS: Readonly<Record<string, string>> = {
  200: "The answer.",
  201: "Done, and durable.",
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

function problems(has: { access: boolean; body: boolean }): Record<string, object> {
  const statuses = Object.entries(PROBLEMS).filter(
    ([status]) =>
      (has.access || !["401", "403"].includes(status)) &&
      (has.body || !["413", "415"].includes(status)),
  );
  return Object.fromEntries(
    statuses.map(([status, description]) => [
      status,
      { description, content: { "application/problem+json": { schema: { $ref: "Problem#" } } } },
    ]),
  );
}
