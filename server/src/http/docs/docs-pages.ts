/** `/docs` and `/docs/errors`: the reference of /api/v1, and a page for each of its errors. */
import type { FastifyInstance, FastifyReply } from "fastify";
import type { ErrorDefinition } from "../../errors/error-row.ts";
import { ERRORS, type ErrorCode } from "../../errors/error-table.ts";
import { NewDayError } from "../../errors/errors.ts";
import { apiPage, type ApiDocument } from "./api-page.ts";
import { bothLanguages, DOCS_SECURITY_POLICY, docsPage, textWithCode } from "./docs-html.ts";

export function docsPageRoutes(app: FastifyInstance): void {
  let page: string | undefined;
  app.get("/docs", async (_request, reply) => {
    const { body } = await app.inject("/api/v1/openapi.json");
    page ??= apiPage(JSON.parse(body) as ApiDocument);
    return sendPage(reply, page);
  });

  app.get("/docs/errors", (_request, reply) => sendPage(reply, errorsPage()));

  app.get<{ Params: { code: string } }>("/docs/errors/:code", (request, reply) => {
    const { code } = request.params;
    if (!isErrorCode(code))
      throw new NewDayError("not_found", {
        field: "code",
        remedy: "See /docs/errors.",
        remedyZh: "请见 /docs/errors",
      });
    return sendPage(reply, errorPage(code));
  });
}

function sendPage(reply: FastifyReply, page: string): FastifyReply {
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
        `<td>${problemStatus}</td><td>${bothLanguages(message.en, message.zh)}</td></tr>`,
    );
  const title = `<h1>${bothLanguages("Errors", "错误码")}</h1><nav><a href="/docs">API</a></nav>`;
  return docsPage("Errors", `${title}<table>${rows.join("")}</table>`);
}

function errorPage(code: ErrorCode): string {
  const { problemStatus, message, remedy, retryable } = ERRORS[code];
  const again = retryable
    ? bothLanguages("The same request may succeed later.", "相同的请求稍后可能成功。")
    : bothLanguages(
        "The same request will be refused again; change it first.",
        "相同的请求会再次被拒绝，请先修改。",
      );
  return docsPage(
    code,
    `<h1><code>${code}</code></h1><nav><a href="/docs/errors">${bothLanguages("All errors", "全部错误码")}</a>
<a href="/docs">API</a></nav>
<p>${bothLanguages(message.en, message.zh)}</p>
<p>HTTP ${problemStatus}. ${again}</p>
<h2>${bothLanguages("What to do", "如何处理")}</h2><p>${textWithCode(remedy.en)}</p><p lang="zh">${textWithCode(remedy.zh)}</p>
<p>${bothLanguages(
      "The answer itself names the field, the rule and the remedy of this very request, and a requestId for the operator.",
      "响应中会给出本次请求的字段、规则、处理建议，以及供运维人员查询的 requestId。",
    )}</p>`,
  );
}
