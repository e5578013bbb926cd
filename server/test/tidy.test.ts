/** `npm run tidy` on this checkout, and on checkouts with one fault each. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

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

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A checkout with the scripts of this one and these files. */
function useCheckout(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "nd-tidy-"));
  folders.push(folder);
  for (const script of ["tidy.mjs", "tidy", "bootstrap/repository.mjs"])
    cpSync(join("scripts", script), join(folder, "scripts", script), { recursive: true });
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

/** One file each, so that one run shows them all. */
const FAULTS = [
  ["a name that is not kebab-case", "docs/Ledger2.md", "# Two\n", "names are kebab-case"],
  ["a test that does not run", "server/test/a.test.ts", `it.${"only"}("x");\n`, "does not run"],
  ["an exception for Prettier", "bench/x.ts", `// prettier-${"ignore"}\n`, "let oxfmt win"],
  ["a page without a title", "docs/title.md", "Text\n", "a page has one H1"],
  ["a dead link", "docs/link.md", "# API\n[x](missing.md)\n", "links to missing.md"],
  ["an unknown command", "docs/command.md", "# API\nnpm run nothing\n", "npm run nothing"],
  [
    "a comment that cites a missing document",
    "server/src/lib/cites.ts",
    "/** As NOWHERE.md says. */\n",
    "names NOWHERE.md",
  ],
  [
    "a page that cites a missing document",
    "docs/cites.md",
    "# API\nSee docs/nowhere.md.\n",
    "names docs/nowhere.md",
  ],
  [
    "a comment that cites a file which moved",
    "server/src/lib/moved.ts",
    "// See ledger/engine.ts.\n",
    "names ledger/engine.ts",
  ],
  [
    "a word of the glossary in a comment",
    "server/src/lib/comment.ts",
    "// Every stranger waits.\n",
    'says "stranger"; say: external user',
  ],
  [
    "a word of the glossary inside an identifier",
    "server/src/lib/identifier.ts",
    "const nextRung = 1;\n",
    'says "Rung"',
  ],
  [
    "a word of the glossary in the title of a test",
    "server/test/lib/title.test.ts",
    'it.each([[1], [2]])("says so to whoever asks", () => {});\n',
    'says "whoever"',
  ],
  [
    "a word of the glossary in a comment of a benchmark",
    "bench/comment.ts",
    "// Nobody waits.\n",
    'says "Nobody"',
  ],
  [
    "a name that is exported twice",
    "server/src/lib/twice.ts",
    "export function now(): void {}\n",
    "exports now",
  ],
  [
    "an import of a type against the directions",
    "server/src/lib/cycle.ts",
    'import type { A } from "../engine/engine.ts";\n',
    "lib does not import engine",
  ],
  [
    "an import against the directions",
    "server/src/db/upwards.ts",
    'import "../engine/engine.ts";\n',
    "db does not import engine",
  ],
  [
    "an import of the repair beyond its own",
    "server/src/repair/plan/x.ts",
    'import "../../engine/engine.ts";\n',
    "repair imports db, lib, errors only",
  ],
  [
    "an import of a test by the source",
    "server/src/lib/tested.ts",
    'import "../../test/support.ts";\n',
    "lib does not import server/test/support.ts, which is outside server/src",
  ],
  [
    "an import of another workspace",
    "server/src/engine/sdk.ts",
    'import type { A } from "../../../sdk/src/a.ts";\n',
    "engine does not import sdk/src/a.ts",
  ],
  [
    "a package that belongs to another layer",
    "server/src/ledger/web.ts",
    'import type { FastifyInstance } from "fastify";\n',
    "ledger does not import fastify",
  ],
  [
    "an import whose name is a template",
    "server/src/lib/template.ts",
    "const x = await import(`../engine/engine.ts`);\n",
    "import() takes a name in double quotes",
  ],
  [
    "a dynamic import behind a comment",
    "server/src/lib/dynamic.ts",
    'const x = await import(/* later */ "../engine/engine.ts");\n',
    "lib does not import engine",
  ],
  [
    "a section that the page does not have",
    "server/src/lib/section.ts",
    "// Rounds down (docs/ledger.md 3.8).\n",
    "names section 3.8 of docs/ledger.md",
  ],
  [
    "a word of the glossary in a comment of a new migration",
    "server/migrations/9999-new.sql",
    "-- Whoever posts.\nselect 1 as nobody;\n",
    '9999-new.sql:1: says "Whoever"',
  ],
  [
    "a default export",
    "server/src/lib/default.ts",
    "export default function late() {}\n",
    "has a default export",
  ],
  ["a barrel", "server/src/lib/barrel.ts", 'export * from "./clock.ts";\n', "exports everything"],
  [
    "a second name of an export",
    "server/src/lib/renamed.ts",
    "const later = 1;\nexport {\n  later as soon,\n};\n",
    "exports a name as another",
  ],
  [
    "a folder without a place",
    "server/src/new/x.ts",
    'import "../lib/clock.ts";\n',
    "new has no place",
  ],
  [
    "an error code that stands twice",
    "server/src/errors/b.ts",
    "const B = {\n  not_found: {\n    status: 404,\n  },\n};\n",
    "not_found stands in server/src/errors/a.ts:2 too",
  ],
  [
    "an error code that stands twice, once in quotes",
    "server/src/errors/c.ts",
    'const C = {\n  "not_found": {\n    status: 404,\n  },\n};\n',
    "not_found stands in server/src/errors/a.ts:2 too",
  ],
  [
    "a mutation whose text is gone",
    "scripts/mutations/ledger.json",
    JSON.stringify([
      { guard: "g", file: "server/src/lib/clock.ts", text: "gone", replacement: "", test: "." },
    ]),
    "its text stands 0 times",
  ],
  [
    "a cast in the arguments of an operation",
    "server/src/lib/cast.ts",
    'operationOf(type, readPayload("as sent"), {\n  caller,\n  ...(more as OperationTerms),\n});\n',
    "a cast inside operationOf() hides a wrong payload",
  ],
  [
    "a cast to a payload before the call",
    "server/src/lib/early-cast.ts",
    "const given = sent as TransferPayload;\noperationOf(type, given, terms);\n",
    "a cast to a payload or to terms hides a wrong member",
  ],
  [
    "a cast at a command that fits every parameter",
    "server/src/lib/cast-to-all.ts",
    "transferMoney(services, { amout: 3n } as never, terms);\n",
    "a cast to never, any or unknown hides a wrong payload",
  ],
  [
    "an import in single quotes against the directions",
    "server/src/lib/single.ts",
    "import '../engine/engine.ts';\n",
    "lib does not import engine",
  ],
  [
    "an import without an ending against the directions",
    "server/src/lib/ending.ts",
    'import "../engine/engine";\n',
    "lib does not import engine",
  ],
  [
    "a require of a module",
    "server/src/lib/require.ts",
    'import { createRequire } from "node:module";\n',
    "createRequire() loads a file past the check",
  ],
  [
    "an import by require",
    "server/src/lib/import-require.ts",
    'import engine = require("../engine/engine.ts");\n',
    "import x = require() is CommonJS",
  ],
  [
    "a reference path",
    "server/src/lib/reference.ts",
    '/// <reference path="../engine/engine.ts" />\n',
    "a reference path goes past the check",
  ],
  ["an exported var", "server/src/lib/var.ts", "export var late = 1;\n", "exports a var"],
  [
    "an export by destructuring",
    "server/src/lib/taken.ts",
    "export const { late } = clock;\n",
    "exports by destructuring",
  ],
  [
    "two exports in one declaration",
    "server/src/lib/two.ts",
    "export const late = 1,\n  later = 2;\n",
    "exports several names in one declaration",
  ],
  [
    "a doubled export that is a const enum",
    "server/src/lib/twice-enum.ts",
    "export const enum now {}\n",
    "exports now, as",
  ],
  ["a list without a mutation", "scripts/mutations/repair.json", "[]", "lists no mutation"],
  [
    "a released migration that changed",
    "server/migrations/0001-a.sql",
    "select 1;\n",
    "it was released and must not change",
  ],
] as const;

describe("in a checkout with one fault of each kind", () => {
  let found: string[];
  beforeAll(() => {
    const files = FAULTS.map(([, path, text]) => [path, text]);
    found = tidy(
      useCheckout({
        ...Object.fromEntries(files),
        "server/migrations/checksums.json": '{ "0001-a": "00" }',
        "server/test/support.ts": "",
        "sdk/src/a.ts": "",
        "server/src/errors/a.ts": "const A = {\n  not_found: define(404),\n};\n",
      }),
    );
  });

  it.each(FAULTS)("finds %s", (_fault, path, _text, words) => {
    const lines = found.filter((line) => line.startsWith(path));
    expect(lines.join("\n")).toContain(words);
  });

  it("names the cycle as a whole", () => {
    expect(found.join("\n")).toContain(
      "closes a cycle of folders: server/src/engine -> server/src/lib -> server/src/engine",
    );
  });
});

it("takes no word of the glossary from names of others, longer words and codes of the API", () => {
  const text = [
    "// PostgreSQL runs as `nobody`.",
    "// It was wrung from him.",
    'export const CODE = "unproven_limit";',
    "",
  ].join("\n");
  expect(tidy(useCheckout({ "server/src/lib/x.ts": text }))).toEqual([]);
});

it("takes no word of the glossary from the values and names of a test", () => {
  const text = [
    'it("refuses an external user", () => {',
    '  const stranger = "stranger";',
    "});",
    "",
  ].join("\n");
  expect(tidy(useCheckout({ "server/test/x.test.ts": text }))).toEqual([]);
});

it("takes no text, comment or const assertion for a cast in the arguments of an operation", () => {
  const text = [
    "// operationOf(type, payload as Payload)",
    'operationOf(type, { state: "sold as seen" }, { kind: "sale" as const /* as ever */ });',
    "export const note = value as string;",
    "",
  ].join("\n");
  expect(tidy(useCheckout({ "server/src/lib/x.ts": text }))).toEqual([]);
});
