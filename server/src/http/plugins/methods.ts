/**
 * Answers a known path with the wrong method by 405 and `Allow`, in JSON (docs/incidents.md B5).
 */
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from "fastify";
import { NewDayError } from "../../errors/errors.ts";

/** All that Fastify routes; those that no path has are refused by `refuseUnknownMethods` elsewhere. */
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

/** Call before the first route; `addMethodRefusals` of the result after the last one. */
export function collectMethods(app: FastifyInstance): { addMethodRefusals(): void } {
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
  };
}

function addRefusal(app: FastifyInstance, url: string, known: ReadonlySet<string>): void {
  const allow = [...known, "OPTIONS"].join(", ");
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

/** On an unknown path every method that some path has is 404; another one is 405. */
export function refuseUnknownMethods(app: FastifyInstance): void {
  const served = new Set(SERVED_METHODS.split(", "));
  app.addHook("onRequest", (request, reply, done) => {
    const unknown = request.is404 && !served.has(request.method);
    done(unknown ? methodNotAllowed(request, reply, SERVED_METHODS) : undefined);
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
