/** The parts of docs/openapi.json that the SDK is made from, and their TypeScript. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly description?: string;
}

export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required?: boolean;
  readonly description?: string;
  readonly schema: Schema;
}

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
}

export interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Content & { readonly required: boolean };
  readonly responses: Readonly<Record<string, Content>>;
}

export interface OpenapiModel {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** Errors: a component that a schema names and `components.ts` of the schemas does not list. */
export function readOpenapi(document: string): OpenapiModel {
  const model = JSON.parse(document) as OpenapiModel;
  requireComponents(model);
  return model;
}

function requireComponents(model: OpenapiModel): void {
  const known = new Set(Object.keys(model.components.schemas));
  JSON.stringify(model, (key, value: unknown) => {
    if (key !== "$ref" || typeof value !== "string") return value;
    const name = nameOf(value).replace(/#$/, "");
    if (!known.has(name))
      throw new Error(
        `component ${name} is not listed: add it to server/src/http/v1/schemas/components.ts`,
      );
    return value;
  });
}

export function operationsOf(
  model: OpenapiModel,
): readonly { readonly method: string; readonly path: string; readonly operation: Operation }[] {
  return Object.entries(model.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      operation,
    })),
  );
}

/** `postTransfer` and `Body` are `PostTransferBody`. */
export function typeName({ operationId }: Operation, suffix: string): string {
  return `${operationId[0]?.toUpperCase()}${operationId.slice(1)}${suffix}`;
}

/** Parameters of the query as the SDK takes them; `dryRun` is an option of writes. */
export function queryOf({ parameters = [] }: Operation): readonly Parameter[] {
  return parameters.filter((one) => one.in === "query" && one.name !== "dryRun");
}

/** Undefined for an operation without a body. */
export function bodyOf(operation: Operation): string | undefined {
  const schema = operation.requestBody?.content?.["application/json"]?.schema;
  if (schema === undefined) return undefined;
  return schema.$ref === undefined ? typeName(operation, "Body") : nameOf(schema.$ref);
}

export function nameOf(reference: string): string {
  return reference.replace(/^.*\//, "");
}

export function typeOf(schema: Schema): string {
  if (schema.$ref) return nameOf(schema.$ref);
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  const union = schema.anyOf ?? schema.oneOf;
  if (union) return `(${union.map(typeOf).join(" | ")})`;
  if (schema.allOf) return `(${schema.allOf.map(typeOf).join(" & ")})`;
  return [schema.type ?? "unknown"]
    .flat()
    .map((type) => typeNamed(type, schema))
    .join(" | ");
}

function typeNamed(type: string, schema: Schema): string {
  switch (type) {
    case "integer":
    case "number":
      return "number";
    case "string":
    case "boolean":
    case "null":
      return type;
    case "array":
      return `readonly ${element(schema.items)}[]`;
    case "object":
      return objectType(schema);
    default:
      return "unknown";
  }
}

function element(items: Schema | undefined): string {
  const type = items ? typeOf(items) : "unknown";
  return /^\w+$/.test(type) ? type : `(${type})`;
}

export function objectType({ properties, required, additionalProperties }: Schema): string {
  if (!properties) {
    const value =
      typeof additionalProperties === "object" ? typeOf(additionalProperties) : "unknown";
    return `Readonly<Record<string, ${value}>>`;
  }
  const members = Object.entries(properties).map(([name, schema]) => {
    const optional = required?.includes(name) ? "" : "?";
    return `${docOf(schema)}readonly ${JSON.stringify(name)}${optional}: ${memberType(name, schema)}`;
  });
  return `{ ${members.join("; ")} }`;
}

/** The document leaves the codes of errors open, because a newer server has more of them. */
function memberType(name: string, schema: Schema): string {
  if (name === "code" && schema.description?.startsWith("stable;")) return "ErrorCode";
  return typeOf(schema);
}

function docOf({ description }: Schema): string {
  return description === undefined ? "" : `/** ${description} */ `;
}
