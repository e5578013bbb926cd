/** `npm run tidy` on this checkout, and on checkouts with one fault each. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, it, onTestFinished } from "vitest";

const SOUND = {
  "package.json": '{ "scripts": { "tidy": "" } }',
  "package-lock.json": '{ "packages": {} }',
  "server/migrations/checksums.json": "{}",
  "ARCHITECTURE.md": "# Architecture\n",
  "server/src/engine/engine.ts": 'import { now } from "../lib/clock.ts";\n',
  "server/src/lib/clock.ts": "export const now = Date.now;\n",
  "docs/ledger.md": "# Ledger\n",
};

function tidy(folder = "."): string[] {
  const { stderr, status } = spawnSync(process.execPath, ["scripts/tidy.mjs"], {
    cwd: folder,
    encoding: "utf8",
  });
  expect(status, stderr).toBe(stderr === "" ? 0 : 1);
  return stderr.split("\n").filter(Boolean);
}

/** A checkout with the scripts of this one and these files. */
function useCheckout(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "nd-tidy-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const script of ["tidy.mjs", "tidy", "bootstrap/repository.mjs"])
    cpSync(join("scripts", script), join(folder, "scripts", script), { recursive: true });
  rmSync(join(folder, "scripts/tidy/known.json"), { force: true });
  for (const [path, text] of Object.entries({ ...SOUND, ...files })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  spawnSync("git", ["init", "-q"], { cwd: folder });
  return folder;
}

it("finds nothing in this checkout", () => {
  expect(tidy()).toEqual([]);
});

it("finds nothing in a sound checkout", () => {
  expect(tidy(useCheckout({}))).toEqual([]);
});

it.each([
  ["a name that is not kebab-case", { "docs/Ledger2.md": "# Two\n" }, "kebab-case"],
  ["a test that does not run", { "server/test/a.test.ts": `it.${"only"}("x");\n` }, "does not run"],
  [
    "an exception for Prettier",
    { "server/src/lib/x.ts": `// prettier-${"ignore"}\n` },
    "let oxfmt win",
  ],
  ["a page without a title", { "docs/api.md": "Text\n" }, "one H1"],
  ["a dead link", { "docs/api.md": "# API\n[x](missing.md)\n" }, "links to missing.md"],
  ["an unknown command", { "docs/api.md": "# API\nnpm run nothing\n" }, "npm run nothing"],
  [
    "a comment that cites a missing document",
    { "server/src/lib/x.ts": "/** As NOWHERE.md says. */\n" },
    "server/src/lib/x.ts:1: names NOWHERE.md",
  ],
  [
    "a page that cites a missing document",
    { "docs/api.md": "# API\nSee docs/nowhere.md.\n" },
    "docs/api.md:2: names docs/nowhere.md",
  ],
  [
    "a word of the glossary in a comment",
    { "server/src/lib/x.ts": "// Every stranger waits.\n" },
    'says "stranger"; say: external user',
  ],
  [
    "a word of the glossary inside an identifier",
    { "server/src/lib/x.ts": "const nextRung = 1, RUNGS_MS = 2;\n" },
    'says "Rung"',
  ],
  [
    "a name that is exported twice",
    { "server/src/lib/x.ts": "export function now(): void {}\n" },
    "exports now",
  ],
  [
    "a cycle of two folders, by a type",
    { "server/src/lib/x.ts": 'import type { A } from "../engine/engine.ts";\n' },
    "closes a cycle of folders: server/src/engine -> server/src/lib -> server/src/engine",
  ],
  [
    "an import against the directions",
    { "server/src/db/x.ts": 'import "../engine/engine.ts";\n' },
    "db does not import engine",
  ],
  [
    "an import of the repair beyond its own",
    { "server/src/repair/plan/x.ts": 'import "../../engine/engine.ts";\n' },
    "repair imports db, lib, errors only",
  ],
  [
    "a folder without a place",
    { "server/src/new/x.ts": 'import "../lib/clock.ts";\n' },
    "new has no place",
  ],
  [
    "an error code that stands twice",
    {
      "server/src/errors/a.ts": "const A = {\n  not_found: define(404),\n};\n",
      "server/src/errors/b.ts": "const B = {\n  not_found: {\n    status: 404,\n  },\n};\n",
    },
    "not_found stands in server/src/errors/a.ts:2 too",
  ],
  [
    "a mutation whose text is gone",
    {
      "scripts/mutations/ledger.json": JSON.stringify([
        { guard: "g", file: "server/src/lib/clock.ts", text: "gone", replacement: "", test: "." },
      ]),
    },
    "its text stands 0 times",
  ],
  ["a list without a mutation", { "scripts/mutations/ledger.json": "[]" }, "lists no mutation"],
  [
    "a released migration that changed",
    {
      "server/migrations/checksums.json": '{ "0001-a": "00" }',
      "server/migrations/0001-a.sql": "select 1;\n",
    },
    "it was released and must not change",
  ],
])("finds %s", (_fault, files, words) => {
  expect(tidy(useCheckout(files as Record<string, string>)).join("\n")).toContain(words);
});

it.each([
  ["the user of the operating system", "// PostgreSQL runs as `nobody`.\n"],
  ["a longer word", "// It was wrung from him.\n"],
  ["a code of the API", 'const CODE = "unproven_limit";\n'],
])("takes no word of the glossary from %s", (_place, text) => {
  expect(tidy(useCheckout({ "server/src/lib/x.ts": text }))).toEqual([]);
});
