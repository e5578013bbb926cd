/** Answers malformed HTTP with JSON that browsers may read, then closes the connection. */
import type { ConnectionError } from "fastify";
import type { Server } from "node:http";
import type { Socket } from "node:net";
import type { ErrorCode } from "../../errors/error-table.ts";
import { NewDayError } from "../../errors/errors.ts";
import { toEnvelope } from "./envelope.ts";
import { targetRefusal } from "./utf8-target.ts";

const CODES: Readonly<Record<string, ErrorCode>> = {
  HPE_HEADER_OVERFLOW: "headers_too_large",
  ERR_HTTP_REQUEST_TIMEOUT: "request_timeout",
};

/** Details where the code alone leaves the reason open. */
function explain(error: ConnectionError): NewDayError {
  if (error.code === "HPE_INVALID_URL") return targetRefusal("request target");
  return new NewDayError(CODES[error.code] ?? "malformed_request");
}

/** For Fastify's `clientErrorHandler`; a closed socket is left alone. */
export function answerClientError(error: ConnectionError, socket: Socket): void {
  if (error.code === "ECONNRESET" || socket.destroyed) return;
  // A second head inside a reply that has begun would be read as its body.
  if (hasBegunReply(socket)) return void socket.destroy();
  const refusal = explain(error);
  const { status } = refusal.definition;
  const body = JSON.stringify(toEnvelope(refusal));
  socket.end(
    [
      `HTTP/1.1 ${status} Refused`,
      "Access-Control-Allow-Origin: *",
      "Cache-Control: no-store",
      "Content-Type: application/json; charset=utf-8",
      `Content-Length: ${Buffer.byteLength(body)}`,
      "Connection: close",
      "",
      body,
    ].join("\r\n"),
  );
}

/** Node keeps the reply in progress on its socket; its own handler for client errors asks the same. */
function hasBegunReply(socket: Socket): boolean {
  const { _httpMessage } = socket as Socket & { _httpMessage?: { headersSent: boolean } };
  return _httpMessage?.headersSent === true;
}

/** HTTP/1.1 requires it (RFC 9112, section 3.2), although every route works with an absent one. */
export function hostMissing(): NewDayError {
  return new NewDayError("malformed_request", {
    field: "Host",
    rule: { en: "is required by HTTP/1.1", zh: "HTTP/1.1 要求此请求头" },
  });
}

/** Of two, Node takes the first or joins them, and a proxy in front may take the other. */
const SINGLE_HEADERS = new Map([
  ["authorization", "Authorization"],
  ["content-type", "Content-Type"],
  ["host", "Host"],
  ["idempotency-key", "Idempotency-Key"],
]);

/** Returns the refusal of a request with two credentials, types, hosts or keys. */
export function doubledHeader(rawHeaders: readonly string[]): NewDayError | undefined {
  const seen = new Set<string>();
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = SINGLE_HEADERS.get(rawHeaders[at]?.toLowerCase() ?? "");
    if (name === undefined) continue;
    if (seen.has(name)) return doubled(name);
    seen.add(name);
  }
  return undefined;
}

function doubled(field: string): NewDayError {
  return new NewDayError("malformed_request", {
    field,
    rule: { en: "stands twice in the request", zh: "在请求中出现了两次" },
    remedy: { en: "Send this header once.", zh: "此请求头只发送一次" },
  });
}

/** Node refuses an unknown `Expect` with an empty body; RFC 9110 allows serving it. */
export function serveWhatIsExpected(server: Server): void {
  server.on("checkExpectation", (request, response) => server.emit("request", request, response));
}
