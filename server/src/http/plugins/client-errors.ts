/** Answers malformed HTTP with JSON that browsers may read, then closes the connection. */
import type { ConnectionError } from "fastify";
import type { Server } from "node:http";
import type { Socket } from "node:net";
import { ERRORS, type ErrorCode } from "../../errors/error-table.ts";
import { NewDayError } from "../../errors/errors.ts";

const CODES: Readonly<Record<string, ErrorCode>> = {
  HPE_HEADER_OVERFLOW: "headers_too_large",
  ERR_HTTP_REQUEST_TIMEOUT: "request_timeout",
};

/** For Fastify's `clientErrorHandler`; a closed socket is left alone. */
export function answerClientError(error: ConnectionError, socket: Socket): void {
  if (error.code === "ECONNRESET" || socket.destroyed) return;
  const { status, contractCode, message } = ERRORS[CODES[error.code] ?? "malformed_request"];
  const body = JSON.stringify({
    success: false,
    message: message.zh,
    error: message.zh,
    errorCode: contractCode,
    code: contractCode,
    errorDetail: null,
    details: null,
  });
  socket.end(
    [
      `HTTP/1.1 ${status} Refused`,
      "Access-Control-Allow-Origin: *",
      "Content-Type: application/json; charset=utf-8",
      `Content-Length: ${Buffer.byteLength(body)}`,
      "Connection: close",
      "",
      body,
    ].join("\r\n"),
  );
}

/** HTTP/1.1 requires it (RFC 9112, section 3.2), although every route works with an absent one. */
export function hostMissing(): NewDayError {
  return new NewDayError("malformed_request", {
    field: "Host",
    rule: "is required by HTTP/1.1",
    ruleZh: "HTTP/1.1 要求此请求头",
  });
}

/** Node refuses an unknown `Expect` with an empty body; RFC 9110 allows serving it. */
export function serveWhatIsExpected(server: Server): void {
  server.on("checkExpectation", (request, response) => server.emit("request", request, response));
}
