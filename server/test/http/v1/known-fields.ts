/**
 * Checks that a problem document of /api/v1 names a field of the request, and states the rule in
 * both languages.
 */
import type { FastifyInstance } from "fastify";
import { expect } from "vitest";

interface Schema {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
}

interface ApiOperation {
  readonly parameters?: readonly { readonly name: string }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { schema: Schema }>> };
}

interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, ApiOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** Parts of every request, and refusals of names that no request should contain. */
const ALWAYS = ["Authorization", "body", "headers", "querystring", "params", "If-Match"];
const ABOUT_OTHER_NAMES = /is not a field of this request|sent under another name/;

export type FieldCheck = (
  sent: { readonly method: string; readonly path: string },
  problem: {
    readonly field?: unknown;
    readonly title?: unknown;
    readonly detail?: unknown;
    readonly detailZh?: unknown;
  },
) => void;

/** Reads the document that the server itself publishes. */
export async function createFieldCheck(app: FastifyInstance): Promise<FieldCheck> {
  const document = (await app.inject("/api/v1/openapi.json")).json() as ApiDocument;
  return ({ method, path }, { field, title, detail, detailZh }) => {
    if (typeof detail === "string" && detail !== title && detail !== field)
      expect(detailZh, `${method} ${path} said only: ${detail}`).toMatch(/\p{Script=Han}/u);
    if (typeof field !== "string" || ABOUT_OTHER_NAMES.test(`${String(title)} ${String(detail)}`))
      return;
    const operation = findOperation(document, method, path.split("?", 1)[0] ?? "");
    if (!operation) return;
    const known = [...ALWAYS, ...namesOf(document, operation)].map((name) => name.toLowerCase());
    const first = field.split(/[.[]/, 1)[0]?.toLowerCase();
    expect(known, `${method} ${path} blames ${field}: ${String(detail)}`).toContain(first);
  };
}

function findOperation({ paths }: ApiDocument, method: string, path: string) {
  const exact = paths[`/api/v1${path}`];
  const [, templated] =
    Object.entries(paths).find(([template]) =>
      new RegExp(`^${template.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(`/api/v1${path}`),
    ) ?? [];
  return (exact ?? templated)?.[method.toLowerCase()];
}

function namesOf({ components }: ApiDocument, { parameters = [], requestBody }: ApiOperation) {
  const bodies = Object.values(requestBody?.content ?? {}).map(({ schema }) => {
    const name = schema.$ref?.split("/").at(-1);
    return name === undefined ? schema : components.schemas[name];
  });
  return [
    ...parameters.map(({ name }) => name),
    ...bodies.flatMap((schema) => Object.keys(schema?.properties ?? {})),
  ];
}
