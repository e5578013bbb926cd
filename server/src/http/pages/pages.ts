/** The pages that ship with the server, read once: `/`, the integration page and their assets. */
import type { FastifyInstance } from "fastify";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { packageRoot } from "../../lib/package-root.ts";

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

/**
 * Pages load only from this server; the integration page is one file with inline script and style.
 */
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; " +
  "img-src 'self' data:; connect-src *; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Committed pages, and the console as the build leaves it. */
const FOLDERS = ["public", join("dist", "public")];

export function pageRoutes(app: FastifyInstance): void {
  for (const folder of FOLDERS.map((name) => join(packageRoot(), name)))
    for (const file of pagesIn(folder)) {
      addPage(app, `/${file}`, join(folder, file));
      if (file === "index.html") addPage(app, "/", join(folder, file));
    }
}

function pagesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return files.filter((file) => Object.hasOwn(CONTENT_TYPES, extname(file)));
}

function addPage(app: FastifyInstance, url: string, path: string): void {
  const content = readFileSync(path);
  const type = CONTENT_TYPES[extname(path)] ?? "application/octet-stream";
  app.get(url, (_request, reply) =>
    reply.type(type).header("content-security-policy", CONTENT_SECURITY_POLICY).send(content),
  );
}
