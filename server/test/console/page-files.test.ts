/** How pages are sent: compressed by the build, named by their content, and asked for again by ETag. */
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { spawnSync } from "node:child_process";
import { beforeAll, describe, expect, it } from "vitest";
import { useTestApp } from "../support/app.ts";
import { share } from "../support/test-end.ts";

// The command line builds what is stale.
beforeAll(() => void spawnSync(process.execPath, ["server/bin/newday.mjs", "--version"]));
const world = share(useTestApp);

/** What a browser loads before the first screen's own file: 350 KB is a second on a slow phone line. */
const FIRST_LOAD_BYTES_MAX = 350_000;

function get(url: string, headers: Readonly<Record<string, string>> = {}) {
  return world().app.inject({ url, headers });
}

/** The page, its style and script, and what these import. */
async function firstLoad(): Promise<string[]> {
  const found = new Set<string>(["/"]);
  for (const url of found) {
    const { body } = await get(url);
    const named = url.endsWith(".js")
      ? [...body.matchAll(/(?:from|import)"\.\/([\w.-]+)"/g)].map(([, name]) => `/assets/${name}`)
      : [...body.matchAll(/"(\/assets\/[\w.-]+)"/g)].map(([, name = ""]) => name);
    for (const name of named) found.add(name);
  }
  return [...found];
}

describe("pages and their files", () => {
  it("are within 350 KB for the first load of the console, compressed either way", async () => {
    const urls = await firstLoad();
    expect(urls.length).toBeGreaterThan(3);
    for (const encoding of ["br", "gzip"]) {
      const replies = await Promise.all(
        urls.map((url) => get(url, { "accept-encoding": encoding })),
      );
      expect(replies.map(({ statusCode }) => statusCode)).toEqual(urls.map(() => 200));
      const bytes = replies.reduce((sum, { rawPayload }) => sum + rawPayload.length, 0);
      console.log(`first load of the console: ${urls.length} files, ${bytes} bytes as ${encoding}`);
      expect(bytes).toBeLessThan(FIRST_LOAD_BYTES_MAX);
    }
  });

  it.each(["/", "/test-newday-integration.html"])(
    "have one content in every form: %s",
    async (url) => {
      const plain = await get(url);
      const brotli = await get(url, { "accept-encoding": "gzip, br" });
      const gzip = await get(url, { "accept-encoding": "gzip, br;q=0" });
      expect(brotli.headers["content-encoding"]).toBe("br");
      expect(gzip.headers["content-encoding"]).toBe("gzip");
      expect(plain.headers["content-encoding"]).toBeUndefined();
      expect(brotliDecompressSync(brotli.rawPayload).toString()).toBe(plain.body);
      expect(gunzipSync(gzip.rawPayload).toString()).toBe(plain.body);
      expect(new Set([plain, brotli, gzip].map(({ headers }) => headers["etag"])).size).toBe(3);
      expect(plain.headers["vary"]).toContain("accept-encoding");
    },
  );

  it("are kept for ever when their name has a hash, and asked for again when not", async () => {
    const [page = "", asset = ""] = await firstLoad();
    expect((await get(asset)).headers["cache-control"]).toBe("public, max-age=31536000, immutable");
    const first = await get(page);
    expect(first.headers["cache-control"]).toBe("public, no-cache");
    const again = await get(page, { "if-none-match": String(first.headers["etag"]) });
    expect([again.statusCode, again.body]).toEqual([304, ""]);
  });

  it("answer every address below /console, which the page itself reads", async () => {
    const { body } = await get("/");
    for (const url of ["/console", "/console/users/moon%3Aada%2F1", "/console/no-such-screen"])
      expect([url, (await get(url)).body]).toEqual([url, body]);
  });

  it("run scripts of this server only", async () => {
    const policy = String((await get("/console/acts")).headers["content-security-policy"]);
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("connect-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
  });
});
