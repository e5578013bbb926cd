/** Refuses requests that reach a stopping server on a connection that is still open. */
import type { FastifyInstance } from "fastify";
import { NewDayError } from "../../errors/errors.ts";

/** A client waits as long for the end of its connection after its last answer. */
const IDLE_CHECK_MS = 50;

/** Fastify's own answer (`return503OnClosing`) lacks the error code, `Retry-After` and our headers. */
export function refuseWhileStopping(app: FastifyInstance): void {
  let isStopping = false;
  app.addHook("preClose", (done) => {
    isStopping = true;
    if (app.server.listening) closeConnectionsAsTheyIdle(app);
    done();
  });
  app.addHook("onRequest", (_request, _reply, done) => {
    done(isStopping ? new NewDayError("shutting_down") : undefined);
  });
}

/** Node closes those that are idle when the stop begins; a later one would hold it up for 72 s (keep-alive). */
function closeConnectionsAsTheyIdle({ server }: FastifyInstance): void {
  const timer = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS);
  server.once("close", () => clearInterval(timer));
}
