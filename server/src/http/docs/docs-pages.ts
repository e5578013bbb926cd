/** `/docs` and `/docs/errors`: the reference of /api/v1, and a page for each of its errors. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { hash } from "node:crypto";
import { answersNotModified } from "../v1/replies/etag.ts";
import type { ErrorDefinition } from "../../errors/error-row.ts";
import { ERRORS, type ErrorCode } from "../../errors/error-table.ts";
import { NewDayError } from "../../errors/errors.ts";
import { apiPage, type ApiDocument } from "./api-page.ts";
import { bothLanguages, DOCS_SECURITY_POLICY, docsPage, textWithCode } from "./docs-html.ts";

export function docsPageRoutes(app: FastifyInstance): void {
  // Rendered at the first request: the routes are all known then, and a start stays short.
  let page: string | undefined;
  app.get("/docs", async (request, reply) => {
    page ??= await renderApiPage(app);
    return sendPage(request, reply, page);
  });

  const errors = errorsPage();
  app.get("/docs/errors", (request, reply) => sendPage(request, reply, errors));

  app.get<{ Params: { code: string } }>("/docs/errors/:code", (request, reply) => {
    const { code } = request.params;
    if (!isErrorCode(code))
      throw new NewDayError("not_found", {
        field: "code",
        remedy: { en: "See /docs/errors.", zh: "请见 /docs/errors" },
      });
    return sendPage(request, reply, errorPage(code));
  });
}

async function renderApiPage(app: FastifyInstance): Promise<string> {
  const { body } = await app.inject("/api/v1/openapi.json");
  return apiPage(JSON.parse(body) as ApiDocument);
}

/** Pages change with a release only. */
const PAGE_CACHE = "public, max-age=300";

/** Sends the page, or 304 to a browser that has it. */
function sendPage(request: FastifyRequest, reply: FastifyReply, page: string): FastifyReply {
  void reply.header("cache-control", PAGE_CACHE);
  const etag = `"${hash("sha256", page, "base64url")}"`;
  if (answersNotModified(request, reply, etag)) return reply.code(304).send();
  return reply
    .type("text/html; charset=utf-8")
    .header("content-security-policy", DOCS_SECURITY_POLICY)
    .send(page);
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERRORS, code);
}

function errorsPage(): string {
  const rows = (Object.entries(ERRORS) as [ErrorCode, ErrorDefinition][])
    .sort(([a], [b]) => a.localeCompare(b, "en"))
    .map(
      ([code, { problemStatus, message }]) =>
        `<tr><td><a href="/docs/errors/${code}"><code>${code}</code></a></td>` +
        `<td>${problemStatus}</td><td>${bothLanguages(message)}</td></tr>`,
    );
  const title = `<h1>${bothLanguages({ en: "Errors", zh: "错误码" })}</h1><nav><a href="/docs">API</a></nav>`;
  return docsPage("Errors", `${title}<table>${rows.join("")}</table>`);
}

function errorPage(code: ErrorCode): string {
  const { problemStatus, message, remedy, retryable } = ERRORS[code];
  const again = retryable
    ? bothLanguages({ en: "The same request may succeed later.", zh: "相同的请求稍后可能成功。" })
    : bothLanguages({
        en: "The same request will be refused again; change it first.",
        zh: "相同的请求会再次被拒绝，请先修改。",
      });
  return docsPage(
    code,
    `<h1><code>${code}</code></h1><nav><a href="/docs/errors">${bothLanguages({ en: "All errors", zh: "全部错误码" })}</a>
<a href="/docs">API</a></nav>
<p>${bothLanguages(message)}</p>
<p>HTTP ${problemStatus}. ${again}</p>
<h2>${bothLanguages({ en: "What to do", zh: "如何处理" })}</h2><p>${textWithCode(remedy.en)}</p><p lang="zh">${textWithCode(remedy.zh)}</p>
<p>${bothLanguages({ en: "The answer itself names the field, the rule and the remedy of this very request, and a requestId for the operator.", zh: "响应中会给出本次请求的字段、规则、处理建议，以及供运维人员查询的 requestId。" })}</p>`,
  );
}
