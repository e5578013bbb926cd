/**
 * The request target: percent-encoded UTF-8. Node refuses raw bytes and the router a broken path; Fastify
 * would hand on a query that cannot be decoded as it is.
 */
import type { FastifyInstance } from "fastify";
import { NewDayError } from "../../errors/errors.ts";

export function addTargetCheck(app: FastifyInstance): void {
  app.addHook("onRequest", (request, _reply, done) =>
    done(isDecodable(request.raw.url ?? "") ? undefined : targetRefusal("query")),
  );
}

function isDecodable(url: string): boolean {
  const at = url.indexOf("?");
  if (at < 0 || !url.includes("%", at)) return true;
  try {
    decodeURIComponent(url.slice(at));
    return true;
  } catch {
    return false; // URIError: malformed UTF-8, or a % without two digits
  }
}

/** `field` is the part of the target that cannot be read. */
export function targetRefusal(field: "path" | "query" | "request target"): NewDayError {
  return new NewDayError("invalid_field", {
    field,
    rule: { en: "must be percent-encoded UTF-8", zh: "必须是 UTF-8 的百分号编码" },
    remedy: {
      en: "Encode it with encodeURIComponent; a literal % is %25.",
      zh: "请用 encodeURIComponent 编码；百分号本身写作 %25",
    },
  });
}
