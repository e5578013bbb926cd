/** The pages that ship with the server, read once: `/`, `/console`, `/game`, the integration page and their assets. */
import type { FastifyInstance } from "fastify";
import { join } from "node:path";
import { packageRoot } from "../../lib/package-root.ts";
import { REDIRECT_LOGIN_LINKS } from "./login-link.ts";
import { readPageFiles, sendPageFile, type PageFile } from "./page-files.ts";

const REST_OF_POLICY = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/** The integration page is one file with inline script and style, and calls the server that a person names. */
const OPEN_PAGE_POLICY =
  "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; " +
  `img-src 'self' data:; connect-src *; ${REST_OF_POLICY}`;

const SECURITY_POLICIES: Readonly<Record<string, string>> = {
  /** The console acts with a session: scripts and calls of this server only. Its components set styles inline. */
  "index.html":
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; " +
    `img-src 'self' data:; connect-src 'self'; ${REST_OF_POLICY}`,
  /** The players' page holds a token: no inline script, and no call to another server. */
  "game.html":
    "default-src 'none'; script-src 'self'; style-src 'self'; " +
    `img-src 'self' data:; connect-src 'self'; ${REST_OF_POLICY}`,
};

/**
 * Addresses of a page beside its file name. `/login` is where the game centre's link may lead (docs/contract.md 2.3);
 * below `/console` the page itself decides what an address shows.
 */
const ADDRESSES: Readonly<Record<string, readonly string[]>> = {
  "index.html": ["/", "/console", "/console/*"],
  "game.html": ["/game", "/login"],
};

/** Committed pages, and the console as the build leaves it. */
const FOLDERS = ["public", join("dist", "public")];

export function pageRoutes(app: FastifyInstance): void {
  for (const folder of FOLDERS)
    for (const file of readPageFiles(join(packageRoot(), folder))) {
      for (const url of [`/${file.name}`, ...(ADDRESSES[file.name] ?? [])]) addPage(app, url, file);
    }
}

function addPage(app: FastifyInstance, url: string, file: PageFile): void {
  const policy = SECURITY_POLICIES[file.name] ?? OPEN_PAGE_POLICY;
  const options = Object.hasOwn(ADDRESSES, file.name) ? REDIRECT_LOGIN_LINKS : {};
  app.get(url, options, (request, reply) =>
    sendPageFile(request, reply.header("content-security-policy", policy), file),
  );
}
