/** The files of the pages in memory: their types, ETags and compressed forms. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { hash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, gzip } from "node:zlib";
import { answersNotModified } from "../v1/replies/etag.ts";

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".ico": "image/x-icon",
};

/** In the order of preference; the extension is that of the build's compressed files. */
const ENCODINGS = [
  { name: "br", extension: ".br", compress: promisify(brotliCompress) },
  { name: "gzip", extension: ".gz", compress: promisify(gzip) },
] as const;

/** The build names files of this folder by their content, so a browser may keep them for ever. */
const HASHED_FOLDER = "assets";
const KEEP = "public, max-age=31536000, immutable";
/** A page is asked for again each time, and answered by 304 until it changes. */
const ASK_AGAIN = "public, no-cache";

export interface PageFile {
  /** Relative to its folder: `assets/console-XXXXXXXX.js`. */
  readonly name: string;
  readonly type: string;
  readonly content: Buffer;
  readonly etag: string;
  readonly cacheControl: string;
  /** Cache: compressed forms by encoding, filled by the build or at the first request; the content never changes. */
  readonly compressed: Map<string, Promise<Buffer>>;
}

/** The files of a folder that a browser can use; none without the folder. */
export function readPageFiles(folder: string): PageFile[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => Object.hasOwn(CONTENT_TYPES, extname(name)))
    .map((name) => readPageFile(folder, name));
}

function readPageFile(folder: string, name: string): PageFile {
  const content = readFileSync(join(folder, name));
  const built = ENCODINGS.map(({ name: encoding, extension }) => ({
    encoding,
    path: join(folder, `${name}${extension}`),
  })).filter(({ path }) => existsSync(path));
  return {
    name,
    type: CONTENT_TYPES[extname(name)] ?? "application/octet-stream",
    content,
    etag: hash("sha256", content, "base64url"),
    cacheControl: name.startsWith(`${HASHED_FOLDER}/`) ? KEEP : ASK_AGAIN,
    compressed: new Map(
      built.map(({ encoding, path }) => [encoding, Promise.resolve(readFileSync(path))]),
    ),
  };
}

/** Sends the file in the best form that the browser takes, or 304 when it has that form. */
export async function sendPageFile(
  request: FastifyRequest,
  reply: FastifyReply,
  file: PageFile,
): Promise<FastifyReply> {
  const encoding = chooseEncoding(request.headers["accept-encoding"]);
  void reply.header("cache-control", file.cacheControl).header("vary", "accept-encoding");
  // A form of its own has an ETag of its own (RFC 9110 8.8.3).
  const etag = `"${file.etag}${encoding ? `.${encoding}` : ""}"`;
  if (answersNotModified(request, reply, etag)) return reply.code(304).send();
  void reply.type(file.type);
  if (!encoding) return reply.send(file.content);
  return reply.header("content-encoding", encoding).send(await compressedForm(file, encoding));
}

type Encoding = (typeof ENCODINGS)[number]["name"];

/** `q=0` refuses an encoding; other weights make no difference between two that are both welcome. */
function chooseEncoding(accepted: string | undefined): Encoding | undefined {
  const taken = (accepted ?? "").split(",").flatMap((part) => {
    const [name = "", ...parameters] = part.split(";").map((one) => one.trim().toLowerCase());
    return parameters.some((one) => /^q=0(\.0*)?$/.test(one)) ? [] : [name];
  });
  return ENCODINGS.find(({ name }) => taken.includes(name))?.name;
}

function compressedForm({ content, compressed }: PageFile, encoding: Encoding): Promise<Buffer> {
  const cached = compressed.get(encoding);
  if (cached) return cached;
  const { compress } = ENCODINGS.find(({ name }) => name === encoding) ?? ENCODINGS[0];
  const made = compress(content);
  compressed.set(encoding, made);
  return made;
}
