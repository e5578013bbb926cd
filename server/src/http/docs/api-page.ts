/** The page at /docs: every operation of /api/v1, rendered from the OpenAPI document itself. */
import { bothLanguages, docsPage, escapeHtml, textWithCode } from "./docs-html.ts";
import { SUMMARY_ZH } from "../v1/app/openapi.ts";

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly const?: string;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema?: Schema;
}

type Content = Readonly<Record<string, { readonly schema?: Schema }>>;

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly [SUMMARY_ZH]: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { description: string; content?: Content }>>;
}

/** The part of an OpenAPI document that the page reads. */
export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

const INTRODUCTION = `<h1>New Day API</h1>
<p>${bothLanguages({ en: "One wallet, inventory and market for every user of every platform.", zh: "每个平台的每位用户，共用一个钱包、背包与市场。" })}</p>
<nav><a href="/api/v1/openapi.json">openapi.json</a> <a href="/docs/errors">Errors 错误码</a>
<a href="/test-newday-integration.html">Integration page 集成测试页</a></nav>
<p>${bothLanguages({ en: "Amounts are decimal strings of minor units. Every write that moves money or items carries an Idempotency-Key; sending it again repeats the first answer and moves nothing.", zh: "金额一律为最小单位的十进制字符串。所有变更资金或物品的请求都必须携带 Idempotency-Key；重复发送只会得到第一次的结果，不会重复执行。" })}</p>
<pre>curl -X POST http://localhost:5000/api/v1/transfers \\
  -H "Authorization: Bearer $NEWDAY_KEY" -H "Idempotency-Key: order-42" \\
  -H "Content-Type: application/json" \\
  -d '{"from":"user-001","to":"user-002","currency":"game_coins","amount":"100"}'</pre>`;

export function apiPage(document: ApiDocument): string {
  const byTag = new Map<string, string[]>();
  for (const [path, methods] of Object.entries(document.paths))
    for (const [method, operation] of Object.entries(methods)) {
      const [tag = "Other"] = operation.tags ?? [];
      byTag.set(tag, [...(byTag.get(tag) ?? []), operationHtml(document, path, method, operation)]);
    }
  const sections = [...byTag].map(([tag, parts]) => `<h2>${escapeHtml(tag)}</h2>${parts.join("")}`);
  return docsPage("API", INTRODUCTION + sections.join("\n"));
}

function operationHtml(
  document: ApiDocument,
  path: string,
  method: string,
  operation: Operation,
): string {
  const { operationId, summary, description = "", parameters = [], requestBody } = operation;
  const rows = [
    ...parameters.map((one) =>
      row(one.name, one.in, one.required === true, describe(document, one)),
    ),
    ...bodyRows(document, requestBody?.content["application/json"]?.schema),
  ];
  const answers = Object.entries(operation.responses).map(
    ([status, { description: says, content }]) =>
      `<tr><td><code>${status}</code></td><td>${escapeHtml(says)} ${nameOf(content)}</td></tr>`,
  );
  return `<details id="${operationId}"><summary><span class="method">${method.toUpperCase()}</span>
<code class="path">${escapeHtml(path)}</code>
<span class="says">${bothLanguages({ en: summary, zh: operation[SUMMARY_ZH] })}</span></summary>
${description
  .split("\n\n")
  .map((paragraph) => `<p>${textWithCode(paragraph)}</p>`)
  .join("")}
${rows.length > 0 ? `<table>${rows.join("")}</table>` : ""}
<table>${answers.join("")}</table></details>`;
}

function bodyRows(document: ApiDocument, schema: Schema | undefined): string[] {
  const required = new Set(schema?.required ?? []);
  return Object.entries(schema?.properties ?? {}).map(([name, field]) =>
    row(name, "body", required.has(name), describe(document, { schema: field })),
  );
}

function row(name: string, place: string, required: boolean, says: string): string {
  const need = required
    ? bothLanguages({ en: "required", zh: "必填" })
    : bothLanguages({ en: "optional", zh: "可选" });
  return `<tr><td><code>${escapeHtml(name)}</code></td><td>${place}</td><td>${need}</td><td>${says}</td></tr>`;
}

function describe(document: ApiDocument, field: { description?: string; schema?: Schema }): string {
  const { schema = {} } = field;
  const target = schema.$ref && document.components.schemas[schema.$ref.split("/").at(-1) ?? ""];
  const says = field.description ?? schema.description ?? (target || {}).description;
  return textWithCode(says ?? typeOf(schema));
}

function typeOf(schema: Schema): string {
  if (schema.anyOf) return schema.anyOf.map((one) => one.const ?? one.type ?? "").join(" or ");
  if (schema.type !== "array") return schema.type ?? "";
  const item = Object.keys(schema.items?.properties ?? {}).join(", ");
  return item ? `array of { ${item} }` : "array";
}

function nameOf(content: Content | undefined): string {
  const reference = content?.["application/json"]?.schema?.$ref;
  return reference ? `<code>${escapeHtml(reference.split("/").at(-1) ?? "")}</code>` : "";
}
