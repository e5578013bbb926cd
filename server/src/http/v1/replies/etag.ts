/** ETags of resources with a revision, and the 304 for a client that has it already. */
import type { FastifyReply, FastifyRequest } from "fastify";

export function etagOf(...revisions: readonly (bigint | string)[]): string {
  return `"${revisions.join(".")}"`;
}

/** Sets the ETag; true when the client has this version, and 304 is the reply. */
export function answersNotModified(
  request: FastifyRequest,
  reply: FastifyReply,
  etag: string,
): boolean {
  void reply.header("etag", etag);
  return listOf(request.headers["if-none-match"]).some((one) => one === "*" || one === etag);
}

function listOf(header: string | undefined): string[] {
  return (header ?? "")
    .split(",")
    .map((one) => one.trim().replace(/^W\//, ""))
    .filter(Boolean);
}
