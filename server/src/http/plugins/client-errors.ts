/** What is not HTTP at all still gets JSON that browsers may read, and the connection is closed. */
import type { ConnectionError } from "fastify";
import type { Server } from "node:http";
import type { Socket } from "node:net";
import { ERRORS, NewDayError, type ErrorCode } from "../../errors.ts";

const CODES: Readonly<Record<string, ErrorCode>> = {
  HPE_HEADER_OVERFLOW: "headers_too_large",
  ERR_HTTP_REQUEST_TIMEOUT: "request_timeout",
};

/** For Fastify's `clientErrorHandler`; a socket that is gone is left alone. */
export function answerClientError(error: ConnectionError, socket: Socket): void {
  if (error.code === "ECONNRESET" || socket.destroyed) return;
  const { status, contractCode, messageZh } = ERRORS[CODES[error.code] ?? "malformed_request"];
  const body = JSON.stringify({
    success: false,
    message: messageZh,
    error: messageZh,
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

/** HTTP/1.1 asks for it (RFC 9112, section 3.2); nothing of ours depends on it. */
export function hostMissing(): NewDayError {
  return new NewDayError("malformed_request", {
    field: "Host",
    rule: "is required by HTTP/1.1",
    ruleZh: "HTTP/1.1 要求此请求头",
  });
}

/** Node refuses an `Expect` that it does not know without a body; RFC 9110 lets us serve it instead. */
export function serveWhatIsExpected(server: Server): void {
  server.on("checkExpectation", (request, response) => server.emit("request", request, response));
}
