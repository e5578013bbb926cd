/**
 * Parses a body as a JSON object under any Content-Type, because the old test tools omit it.
 * Anything else is `invalid_json`, before any effect.
 */
import type { FastifyInstance } from "fastify";
import { NewDayError } from "../../errors/errors.ts";

/** An import with its stats is under 10 KB; 64 KB leaves room and keeps object bombs out (G20). */
export const BODY_BYTES_MAX = 64 * 1024;

export function addJsonBody(app: FastifyInstance): void {
  // Refuses __proto__ and constructor.prototype; the default would drop them silently.
  const parse = app.getDefaultJsonParser("error", "error");
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "string" }, (request, body, done) => {
    const text = String(body)
      .replace(/^\uFEFF/, "")
      .trim();
    if (text === "") return done(null, {});
    return parse(request, text, (error, value: unknown) => {
      if (error) return done(refusal("must be JSON without __proto__", error));
      if (!isObject(value)) return done(refusal("must be a JSON object, not an array or a scalar"));
      return done(null, value);
    });
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function refusal(rule: string, cause?: unknown): NewDayError {
  return new NewDayError(
    "invalid_json",
    { field: "body", rule, ruleZh: "必须是 JSON 对象", remedy: "send a JSON object in UTF-8" },
    { cause },
  );
}
