/**
 * Answers a known path with the wrong method by 405 and `Allow`, in JSON (docs/incidents.md B5).
 */
import type { FastifyInstance, HTTPMethods } from "fastify";
import { NewDayError } from "../../errors/errors.ts";

const METHODS: readonly HTTPMethods[] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

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
    handler: (request, reply) => {
      void reply.header("allow", allow);
      throw new NewDayError("method_not_allowed", {
        rule: `${request.method} is not one of ${allow}`,
        ruleZh: `此路径只支持 ${allow}`,
        allow,
      });
    },
  });
}
