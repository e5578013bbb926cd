/** ETags of things that have a revision, and the If-Match that a careful writer sends back. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { NewDayError } from "../../errors.ts";

export function etagOf(...revisions: readonly (bigint | string)[]): string {
  return `"${revisions.join(".")}"`;
}

/** Sets the ETag; true when the client has this version already and 304 is the answer. */
export function answersNotModified(
  request: FastifyRequest,
  reply: FastifyReply,
  etag: string,
): boolean {
  void reply.header("etag", etag);
  return listOf(request.headers["if-none-match"]).some((one) => one === "*" || one === etag);
}

/** Errors: `precondition_failed` when If-Match names other versions than `etag`. */
export function requireMatch(request: FastifyRequest, etag: string): void {
  const wanted = listOf(request.headers["if-match"]);
  if (wanted.length === 0 || wanted.includes("*") || wanted.includes(etag)) return;
  throw new NewDayError("precondition_failed", {
    field: "If-Match",
    rule: `is ${wanted.join(", ")}, but the current version is ${etag}`,
    remedy: "read it again, decide again, and send the new ETag",
    etag,
  });
}

function listOf(header: string | undefined): string[] {
  return (header ?? "")
    .split(",")
    .map((one) => one.trim().replace(/^W\//, ""))
    .filter(Boolean);
}
