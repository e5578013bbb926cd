/** B3: a search has the same result on every database, whatever its locale folds. */
import { beforeAll, describe, expect, it } from "vitest";
import { namePattern } from "../../../src/lib/name-pattern.ts";
import { useTestDatabase } from "../../support/database.ts";
import { buildOnce, newday, startServer } from "../../support/server-process.ts";
import type { Settings } from "../../support/spawn-server.ts";
import { useDataFolder } from "../../embedded/support.ts";

beforeAll(buildOnce);

const TURKISH = "locale_provider icu icu_locale 'tr-TR' lc_collate 'C' lc_ctype 'C'";
const ROOT = "locale_provider icu icu_locale 'und' lc_collate 'C' lc_ctype 'C'";

/** Names of items, which the server stores in NFC. */
const NAMES = [
  "\u00c9p\u00e9e d'or",
  "Isik",
  "\u0130sik",
  "\u0131sik",
  "STRASSE",
  "Stra\u00dfe",
  "ΣΊΣΥΦΟΣ",
  "50%_\\",
  "o\ufb03ce \ufb02ag",
  "Schlo\u00dfstra\u00dfe",
];

/** [searched, found]: by Unicode's full case folding, in either spelling of a letter. */
const SEARCHES: [string, string[]][] = [
  ["\u00e9p\u00e9e", [0]],
  ["\u00c9P\u00c9E", [0]],
  ["e\u0301pe\u0301e", [0]],
  ["E\u0301PE\u0301E", [0]],
  ["epee", []],
  ["\u00c9p", [0]],
  ["isik", [1]],
  ["ISIK", [1]],
  ["\u0131s", [3]],
  ["\u0130s", [2]],
  ["sik", [1, 2, 3]],
  ["strasse", [4, 5, 9]],
  ["STRA\u1e9eE", [4, 5, 9]],
  ["stra\u00dfe", [4, 5, 9]],
  ["SCHLOSSSTRASSE", [9]],
  ["OFFICE FLAG", [8]],
  ["of\ufb01ce", [8]],
  ["\ufb00ice", [8]],
  ["σίσυφος", [6]],
  ["ςίςυφοσ", [6]],
  ["%_", [7]],
  ["\\", [7]],
  [".", []],
].map(([searched, found]) => [
  String(searched),
  (found as number[]).map((index) => NAMES[index] ?? "").toSorted(),
]);

async function serve(settings: Settings) {
  const base = await startServer(settings).base;
  const made = newday(["key", "create", "--platform", "allinone", "--scopes", "all"], settings);
  const key = /nd_\w+_[\w-]{40,}/.exec(made.stdout + made.stderr)?.[0] ?? "";
  return async (method: string, path: string, body?: object) => {
    const reply = await fetch(`${base}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        "content-type": "application/json",
        "idempotency-key": crypto.randomUUID(),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    // oxlint-disable-next-line typescript/no-explicit-any -- a reply is what the test expects
    return { status: reply.status, body: (await reply.json()) as any };
  };
}

describe("B3: the search for names", () => {
  it.each([
    ["the embedded database", undefined],
    ["PostgreSQL 15, Unicode by ICU", { server: "pg15", options: ROOT }],
    ["PostgreSQL 15, Turkish by ICU", { server: "pg15", options: TURKISH }],
    ["PostgreSQL 18, Turkish by ICU", { server: "pg18", options: TURKISH }],
    [
      "PostgreSQL 15, locale C.UTF-8",
      { server: "pg15", options: "lc_collate 'C' lc_ctype 'C.UTF-8'" },
    ],
  ] as const)("finds the same on %s", async (_, database) => {
    const settings = database
      ? {
          DATABASE_URL: (
            await useTestDatabase({
              server: database.server,
              template: "empty",
              options: `encoding 'UTF8' ${database.options}`,
            })
          ).url,
        }
      : { NEWDAY_DATA_DIR: useDataFolder() };
    const call = await serve(settings);
    await call("PUT", "/wallets/alice", {});
    for (const name of NAMES) {
      const grant = { userId: "alice", name: name.normalize("NFD"), type: "weapon" };
      const { item } = (await call("POST", "/items/grants", grant)).body;
      const listing = { itemId: item.id, prices: { game_coins: "5" } };
      expect([name, (await call("POST", "/listings", listing)).status]).toEqual([name, 201]);
    }
    for (const [searched, found] of SEARCHES) {
      const query = `q=${encodeURIComponent(searched)}&official=false`;
      const { status, body } = await call("GET", `/listings?${query}`);
      const names = body.data.map(({ name }: { name: string }) => name).toSorted();
      expect([searched, status, names]).toEqual([searched, 200, found]);
    }
  });

  it("finds names that were stored in the other spelling", () => {
    const matches = (text: string, name: string) => new RegExp(namePattern(text), "u").test(name);
    for (const text of ["\u00e9p\u00e9e", "E\u0301p\u00e9E"])
      for (const form of ["NFC", "NFD"]) {
        expect(matches(text, "une \u00c9p\u00e9e".normalize(form))).toBe(true);
        expect(matches("e", "\u00e9".normalize(form))).toBe(false);
      }
  });
});
