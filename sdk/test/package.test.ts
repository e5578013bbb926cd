/** The package as `npm pack` makes it: its files, its types, its size, and that it runs. */
import { execFileSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { build } from "esbuild";
import { publint } from "publint";
import { afterAll, beforeAll, expect, it } from "vitest";

const GZIPPED_BYTES_MAX = 6_000;

const folder = mkdtempSync(join(tmpdir(), "nd-sdk-"));
const installed = join(folder, "node_modules/@newday/sdk");
let tarball: Uint8Array<ArrayBuffer>;

/** Packs in a clone of its own: other tests use the build of this one. */
beforeAll(() => {
  const clone = join(folder, "clone");
  for (const path of ["package.json", "package-lock.json", "tsconfig.base.json", "scripts", "sdk"])
    cpSync(path, join(clone, path), {
      recursive: true,
      filter: (source) => !/\/(dist|node_modules)$/.test(source),
    });
  symlinkSync(resolve("node_modules"), join(clone, "node_modules"));
  execFileSync("npm", ["pack", "--pack-destination", folder], {
    cwd: join(clone, "sdk"),
    stdio: "ignore",
  });
  const file = join(folder, readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? "");
  tarball = new Uint8Array(readFileSync(file));
  mkdirSync(installed, { recursive: true });
  execFileSync("tar", ["xzf", file, "--strip-components=1", "-C", installed]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("has its code and depends on nothing", () => {
  expect(readdirSync(installed).toSorted()).toEqual(["README.md", "dist", "package.json"]);
  expect(readdirSync(join(installed, "dist"))).toContain("index.js");
  const manifest = JSON.parse(readFileSync(join(installed, "package.json"), "utf8")) as object;
  expect(Object.keys(manifest).filter((key) => /dependencies/i.test(key))).toEqual([]);
});

it("is clean for publint, and its types resolve for attw", async () => {
  const { messages } = await publint({ pack: { tarball: tarball.buffer } });
  expect(messages).toEqual([]);
  const checked = await checkPackage(createPackageFromTarballData(tarball));
  const problems = "problems" in checked ? checked.problems : ["no types"];
  // ES modules only: every Node that `engines` allows can require() them.
  expect(problems).toEqual(
    [".", "./admin"].map((entrypoint) =>
      expect.objectContaining({ kind: "CJSResolvesToESM", entrypoint }),
    ),
  );
});

it("is below 6 KB, minified and gzipped", async () => {
  const { outputFiles } = await build({
    entryPoints: [join(installed, "dist/index.js")],
    bundle: true,
    minify: true,
    format: "esm",
    write: false,
  });
  expect(gzipSync(outputFiles[0]?.contents ?? "").length).toBeLessThan(GZIPPED_BYTES_MAX);
});

it("can be imported and required", () => {
  const program = `
    const { createClient, signAssertion } = await import("@newday/sdk");
    const required = (await import("node:module")).createRequire(import.meta.url)("@newday/sdk");
    const assertion = await signAssertion({ platform: "moon", userId: "ada", secret: "s".repeat(32) });
    const { createAdminClient } = await import("@newday/sdk/admin");
    const { searchUsers } = createAdminClient({ baseUrl: "http://newday.invalid" });
    const { transfers } = createClient({ baseUrl: "http://newday.invalid" });
    console.log(typeof transfers.post, typeof searchUsers, required.createClient === createClient, assertion.split(".").length);
  `;
  writeFileSync(join(folder, "game.mjs"), program);
  const output = execFileSync(process.execPath, [join(folder, "game.mjs")], { encoding: "utf8" });
  expect(output.trim()).toBe("function function true 3");
});
