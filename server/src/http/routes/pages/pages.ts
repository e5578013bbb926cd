/** The pages that ship with the server, read once: `/`, the integration page and their assets. */
import type { FastifyInstance } from "fastify";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { packageRoot } from "../../../db/package-root.ts";

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** Pages load nothing from elsewhere; the integration page is one file with inline script and style. */
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; " +
  "img-src 'self' data:; connect-src *; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

export function pageRoutes(app: FastifyInstance): void {
  const folder = join(packageRoot(), "public");
  const files = existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) =>
        Object.hasOwn(CONTENT_TYPES, extname(file)),
      )
    : [];
  for (const file of files) addPage(app, `/${file}`, join(folder, file));
  if (files.includes("index.html")) addPage(app, "/", join(folder, "index.html"));
}

function addPage(app: FastifyInstance, url: string, path: string): void {
  const content = readFileSync(path);
  const type = CONTENT_TYPES[extname(path)] ?? "application/octet-stream";
  app.get(url, (_request, reply) =>
    reply.type(type).header("content-security-policy", CONTENT_SECURITY_POLICY).send(content),
  );
}
