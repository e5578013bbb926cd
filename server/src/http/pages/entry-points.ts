/** `/`, `/api` and `/api/allinone`: for PS6's HEAD probes, and a signpost for people. */
import type { FastifyInstance } from "fastify";
import type { Services } from "../context/services.ts";
import { REDIRECT_LOGIN_LINKS } from "./login-link.ts";

export function entryPointRoutes(app: FastifyInstance, services: Services): void {
  for (const url of ["/", "/api", "/api/allinone", "/api/shared"])
    if (!app.hasRoute({ url, method: "GET" }))
      app.get(url, REDIRECT_LOGIN_LINKS, () => ({
        success: true,
        name: "New Day",
        version: services.build.version,
        health: "/api/health",
        integrationPage: "/test-newday-integration.html",
      }));
}
