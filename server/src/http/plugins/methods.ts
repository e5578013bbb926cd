/**
 * Answers a known path with the wrong method by 405 and `Allow`, in JSON (docs/incidents.md B5).
 */
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from "fastify";
import { NewDayError } from "../../errors/errors.ts";

/** All that Fastify routes; `refuseUnknownMethods` answers the others. */
const METHODS: readonly HTTPMethods[] = [
  "GET",
  "HEAD",
  "POST",
  "PUT",
  "PATCH",
  "DELETE",
  "QUERY",
  "TRACE",
];
const SERVED_METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

export interface CollectedMethods {
  /** Call after the last route. */
  addMethodRefusals(): void;
  /** The methods of the routes that match a path, for `Allow`; undefined for an unknown path. */
  readonly methodsOf: (path: string) => string | undefined;
}

/** Call before the first route. */
export function collectMethods(app: FastifyInstance): CollectedMethods {
  const methodsByUrl = new Map<string, Set<string>>();
  let collecting = true;
  app.addHook("onRoute", ({ url, method }) => {
    if (!collecting) return;
    const known = methodsByUrl.get(url) ?? new Set();
    for (const one of [method].flat()) known.add(one);
    methodsByUrl.set(url, known);
  });
  return {
    addMethodRefusals() {
      collecting = false;
      for (const [url, known] of methodsByUrl) addRefusal(app, url, known);
    },
    methodsOf: (path) => {
      const known =
        methodsByUrl.get(path) ?? Array.from(methodsByUrl).find(([url]) => matches(url, path))?.[1];
      return known && allowOf(known);
    },
  };
}

/** For the rare method that the router does not know. */
function matches(url: string, path: string): boolean {
  const parts = url.split("/");
  const given = path.replace(/\/$/, "").split("/");
  const isOpen = parts.at(-1) === "*";
  if (isOpen ? given.length < parts.length : given.length !== parts.length) return false;
  return parts.every((part, index) => part === "*" || part.includes(":") || part === given[index]);
}

function allowOf(known: ReadonlySet<string>): string {
  return [...known, "OPTIONS"].join(", ");
}

function addRefusal(app: FastifyInstance, url: string, known: ReadonlySet<string>): void {
  const allow = allowOf(known);
  const method = METHODS.filter((one) => !known.has(one));
  if (method.length === 0) return;
  app.route({
    url,
    method,
    exposeHeadRoute: false,
    // Before the body is read: its size and form are irrelevant here.
    preParsing: (request, reply, _payload, done) => done(methodNotAllowed(request, reply, allow)),
    handler: () => undefined, // Fastify asks for one; preParsing has answered
  });
}

/** On an unknown path every method that some path has is 404; another one is 405, on every path. */
export function refuseUnknownMethods(
  app: FastifyInstance,
  methodsOf: CollectedMethods["methodsOf"],
): void {
  const served = new Set(SERVED_METHODS.split(", "));
  app.addHook("onRequest", (request, reply, done) => {
    if (!request.is404 || served.has(request.method)) return done();
    const path = request.url.replace(/^https?:\/\/[^/?]*/i, "").split("?", 1)[0] ?? "";
    return done(methodNotAllowed(request, reply, methodsOf(path) ?? SERVED_METHODS));
  });
}

function methodNotAllowed(
  { method }: FastifyRequest,
  reply: FastifyReply,
  allow: string,
): NewDayError {
  void reply.header("allow", allow);
  return new NewDayError("method_not_allowed", {
    rule: { en: `${method} is not one of ${allow}`, zh: `此路径只支持 ${allow}` },
    allow,
  });
}
