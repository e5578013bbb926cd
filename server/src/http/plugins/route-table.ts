/** The routes of the application with their callers, for the table of access (docs/access.md) and its test. */
import type { FastifyInstance } from "fastify";
import type { OperatorRole } from "../../operators/roles.ts";
import type { Access } from "../v1/app/caller.ts";

export interface TableRoute {
  readonly method: string;
  /** As the OpenAPI document spells paths: `/api/v1/items/{id}`. */
  readonly path: string;
  /** Of routes of /api/v1; undefined on public ones and on the older surfaces. */
  readonly access: Access | undefined;
  /** The least role on routes of /api/admin; undefined on those that sign in, and elsewhere. */
  readonly role: OperatorRole | undefined;
}

declare module "fastify" {
  interface FastifyInstance {
    /** Every route in the order of registration, without `HEAD` and refusals of methods. */
    readonly routeTable: readonly TableRoute[];
  }
}

/** Call before the first route; the function that it returns ends the collection. */
export function collectRouteTable(app: FastifyInstance): () => void {
  const routes: TableRoute[] = [];
  let collecting = true;
  app.decorate("routeTable", routes);
  app.addHook("onRoute", ({ url, method, config }) => {
    if (!collecting) return;
    for (const one of [method].flat())
      if (one !== "HEAD")
        routes.push({
          method: one,
          path: url.replaceAll(/:([A-Za-z]+)/g, "{$1}"),
          access: config?.access,
          role: config?.operators?.role,
        });
  });
  return () => {
    collecting = false;
  };
}
