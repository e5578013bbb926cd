/** Refuses requests that reach a stopping server on a connection that is still open. */
import type { FastifyInstance } from "fastify";
import { NewDayError } from "../../errors/errors.ts";

/** Fastify's own answer (`return503OnClosing`) lacks the error code, `Retry-After` and our headers. */
export function refuseWhileStopping(app: FastifyInstance): void {
  let isStopping = false;
  app.addHook("preClose", (done) => {
    isStopping = true;
    done();
  });
  app.addHook("onRequest", (_request, _reply, done) => {
    done(isStopping ? new NewDayError("shutting_down") : undefined);
  });
}
