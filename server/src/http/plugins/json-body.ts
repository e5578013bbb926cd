/**
 * Parses a body as a JSON object in UTF-8 under any Content-Type, because the old test tools omit it.
 * Anything else is `invalid_json` or `unsupported_media_type`, before any effect.
 */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { isAscii, isUtf8 } from "node:buffer";
import { NewDayError } from "../../errors/errors.ts";
import { findLoss, type JsonLoss } from "./lossless-json.ts";
import type { Message } from "../../lib/messages.ts";

/** An import with its stats is under 10 KB; 64 KB leaves room and keeps object bombs out (G20). */
export const BODY_BYTES_MAX = 64 * 1024;

export function addJsonBody(app: FastifyInstance): void {
  // Refuses __proto__ and constructor.prototype; the default would drop them silently.
  const parse = app.getDefaultJsonParser("error", "error");
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, (request, body, done) => {
    const bytes = body as Buffer;
    if (isEncoded(request)) return done(encodedBody(request));
    if (!isUtf8(bytes) || (namesOtherCharset(request) && !isAscii(bytes))) return done(notUtf8());
    const text = bytes
      .toString("utf8")
      .replace(/^\uFEFF/, "")
      .trim();
    if (text === "") return done(null, {});
    return parse(request, text, (error, value: unknown) => {
      // JSON has no raw NUL; of UTF-16 without its mark every second byte is one.
      if (error && text.includes("\0")) return done(notUtf8());
      if (error) return done(unreadable(text, error));
      if (!isObject(value))
        return done(
          refusal({
            en: "must be a JSON object, not an array or a scalar",
            zh: "必须是 JSON 对象",
          }),
        );
      const finish = () => done(changeOf(text, value), value);
      // Reading a body of a megabyte is half of the work; others have their turn before the rest.
      return text.length > BODY_BYTES_MAX ? void setImmediate(finish) : finish();
    });
  });
}

function notUtf8(): NewDayError {
  return refusal({ en: "must be encoded in UTF-8", zh: "必须使用 UTF-8 编码" });
}

/** Returns the refusal of what storing or parsing would change, or null. */
function changeOf(text: string, value: object): NewDayError | null {
  const halved = HALF_LETTER.test(text) ? halfLetterField(value) : undefined;
  if (halved !== undefined) return halfLetterRefusal(halved);
  const loss = findLoss(text, value);
  return loss === undefined ? null : lossRefusal(loss);
}

/** A compressed body could unfold to any size, so none is accepted. */
function isEncoded({ headers }: FastifyRequest): boolean {
  const encoding = headers["content-encoding"]?.trim().toLowerCase();
  return encoding !== undefined && encoding !== "" && encoding !== "identity";
}

function encodedBody({ headers }: FastifyRequest): NewDayError {
  return new NewDayError("unsupported_media_type", {
    field: "Content-Encoding",
    rule: {
      en: `is ${headers["content-encoding"]}; bodies are read without compression`,
      zh: "不支持压缩的请求体",
    },
    remedy: {
      en: "Send the body as it is, without Content-Encoding.",
      zh: "请直接发送请求体，不带 Content-Encoding",
    },
  });
}

/** Some bytes of GBK are good UTF-8 for other letters; the sender's own word settles it. */
function namesOtherCharset({ headers }: FastifyRequest): boolean {
  const charset = /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(headers["content-type"] ?? "")?.[1];
  return charset !== undefined && !/^(utf-?8|us-ascii)$/i.test(charset);
}

/** The escape of a surrogate; few bodies have one, so few are walked through. */
const HALF_LETTER = /\\ud[89a-f]/i;

/**
 * Returns the path of the first text or name with a lone surrogate, which PostgreSQL cannot store. A
 * stack of its own, as in lossless-json.ts.
 */
function halfLetterField(root: object): string | undefined {
  const open: { path: string; value: unknown }[] = [{ path: "", value: root }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { path, value } = next;
    if (typeof value === "string" && !value.isWellFormed()) return path;
    if (typeof value !== "object" || value === null) continue;
    for (const [name, member] of Object.entries(value)) {
      if (!name.isWellFormed()) return path === "" ? "body" : path;
      open.push({ path: path === "" ? name : `${path}.${name}`, value: member });
    }
  }
  return undefined;
}

function halfLetterRefusal(field: string): NewDayError {
  return new NewDayError("invalid_field", {
    field: field.slice(0, PATH_SHOWN_MAX),
    rule: { en: "must not hold half a letter, a lone surrogate", zh: "不能包含不完整的字符" },
    remedy: { en: "Send whole letters.", zh: "请发送完整的字符" },
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The parser does not say which of its two rules was broken. */
function unreadable(text: string, cause: Error): NewDayError {
  return isJson(text)
    ? refusal(
        { en: "must not hold __proto__ or constructor.prototype", zh: "不能包含 __proto__" },
        cause,
      )
    : refusal({ en: "must be valid JSON", zh: "必须是有效的 JSON" }, cause);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false; // SyntaxError, the only one that it throws
  }
}

function lossRefusal({ kind, field }: JsonLoss): NewDayError {
  if (kind === "inexact")
    return new NewDayError("invalid_field", {
      field: field.slice(0, PATH_SHOWN_MAX),
      rule: {
        en: "must be a number that JSON keeps exactly: a whole number up to 2^53 - 1, or a short decimal",
        zh: "数字超出 JSON 可精确表示的范围",
      },
      remedy: { en: "send it as a text, or with fewer digits", zh: "请以文本形式发送，或减少位数" },
    });
  return new NewDayError("invalid_json", {
    field: field.slice(0, NAME_SHOWN_MAX),
    rule: { en: "stands twice in one object", zh: "在同一对象中出现了两次" },
    remedy: { en: "Send each member once.", zh: "每个成员只发送一次" },
  });
}

/** Room for the deepest path of any request; brackets alone could nest 30,000 deep. */
const PATH_SHOWN_MAX = 256;
/** As long as the longest name of a field; the sender knows the rest. */
const NAME_SHOWN_MAX = 64;

function refusal(rule: Message, cause?: unknown): NewDayError {
  return new NewDayError(
    "invalid_json",
    {
      field: "body",
      rule,
      remedy: { en: "Send a JSON object in UTF-8.", zh: "请发送 UTF-8 编码的 JSON 对象" },
    },
    { cause },
  );
}
