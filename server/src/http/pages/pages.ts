/** The pages that ship with the server, read once: `/`, `/game`, the integration page and their assets. */
import type { FastifyInstance } from "fastify";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { packageRoot } from "../../lib/package-root.ts";
import { REDIRECT_LOGIN_LINKS } from "./login-link.ts";

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".ico": "image/x-icon",
};

const REST_OF_POLICY = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/**
 * Pages load only from this server; the integration page is one file with inline script and style.
 */
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; " +
  `img-src 'self' data:; connect-src *; ${REST_OF_POLICY}`;
/** The players' page holds a token: no inline script, and no call to another server. */
const GAME_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; " +
  `img-src 'self' data:; connect-src 'self'; ${REST_OF_POLICY}`;

/** Addresses of a page beside its file name. `/login` is where the game centre's link may lead (docs/contract.md 2.3). */
const ADDRESSES: Readonly<Record<string, readonly string[]>> = {
  "index.html": ["/"],
  "game.html": ["/game", "/login"],
};

/** Committed pages, and the console as the build leaves it. */
const FOLDERS = ["public", join("dist", "public")];

export function pageRoutes(app: FastifyInstance): void {
  for (const folder of FOLDERS.map((name) => join(packageRoot(), name)))
    for (const file of pagesIn(folder)) {
      for (const url of [`/${file}`, ...(ADDRESSES[file] ?? [])])
        addPage(app, url, join(folder, file));
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
  const policy = basename(path) === "game.html" ? GAME_SECURITY_POLICY : CONTENT_SECURITY_POLICY;
  const options = Object.hasOwn(ADDRESSES, basename(path)) ? REDIRECT_LOGIN_LINKS : {};
  app.get(url, options, (_request, reply) =>
    reply.type(type).header("content-security-policy", policy).send(content),
  );
}
