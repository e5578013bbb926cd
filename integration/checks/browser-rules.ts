/**
 * The CORS rules of a browser, for programs outside one: a preflight for requests that need it, and
 * a hidden answer where the headers demand it. `newday doctor` and the client tests see through it
 * what a page of that origin would see.
 */
import type { Transport, WireAnswer, WireRequest } from "./transport.ts";

const SIMPLE_METHODS = new Set(["GET", "HEAD", "POST"]);
const SIMPLE_HEADERS = new Set(["accept", "accept-language", "content-language"]);
const SIMPLE_CONTENT_TYPES = new Set([
  "text/plain",
  "application/x-www-form-urlencoded",
  "multipart/form-data",
]);

/** Thrown where a browser would hide the answer from the page. */
export class BlockedByCors extends Error {
  override readonly name = "BlockedByCors";
}

/** Wraps a transport that may set `Origin`, and enforces the rules of a browser. */
export function withBrowserRules(transport: Transport, origin: string): Transport {
  return async (request) => {
    const unsafe = unsafeHeaders(request.headers);
    if (!SIMPLE_METHODS.has(request.method) || unsafe.length > 0)
      await preflight(transport, origin, request, unsafe);
    const answer = await transport({ ...request, headers: { ...request.headers, origin } });
    requireOrigin(answer, origin, request.method);
    return answer;
  };
}

function unsafeHeaders(headers: Readonly<Record<string, string>>): string[] {
  return Object.entries(headers)
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name, value]) =>
      name === "content-type"
        ? !SIMPLE_CONTENT_TYPES.has(value.split(";")[0] ?? "")
        : !SIMPLE_HEADERS.has(name),
    )
    .map(([name]) => name)
    .toSorted();
}

async function preflight(
  transport: Transport,
  origin: string,
  request: WireRequest,
  unsafe: readonly string[],
): Promise<void> {
  const answer = await transport({
    method: "OPTIONS",
    url: request.url,
    headers: {
      origin,
      "access-control-request-method": request.method,
      ...(unsafe.length > 0 ? { "access-control-request-headers": unsafe.join(",") } : {}),
    },
  });
  requireOrigin(answer, origin, "OPTIONS");
  if (answer.status < 200 || answer.status > 299)
    throw new BlockedByCors(`the preflight was answered with ${answer.status}`);
  const methods = listOf(answer.headers["access-control-allow-methods"]);
  if (!SIMPLE_METHODS.has(request.method) && !allows(methods, request.method.toLowerCase()))
    throw new BlockedByCors(`Access-Control-Allow-Methods does not name ${request.method}`);
  const allowed = listOf(answer.headers["access-control-allow-headers"]);
  for (const name of unsafe)
    // A browser rejects `*` for Authorization.
    if (!(name === "authorization" ? allowed.includes(name) : allows(allowed, name)))
      throw new BlockedByCors(`Access-Control-Allow-Headers does not name ${name}`);
}

function requireOrigin(answer: WireAnswer, origin: string, method: string): void {
  const allowed = answer.headers["access-control-allow-origin"];
  if (allowed !== "*" && allowed !== origin)
    throw new BlockedByCors(
      `${method} was answered with Access-Control-Allow-Origin: ${allowed ?? "(none)"}`,
    );
}

function allows(list: readonly string[], word: string): boolean {
  return list.includes("*") || list.includes(word);
}

function listOf(header: string | undefined): string[] {
  return (header ?? "")
    .toLowerCase()
    .split(",")
    .map((word) => word.trim())
    .filter(Boolean);
}
