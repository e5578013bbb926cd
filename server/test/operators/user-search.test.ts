/** The search for users: the same as a filter in memory, on every locale, in pages. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Database } from "../../src/db/database.ts";
import { migrate } from "../../src/db/migrations.ts";
import { namePattern } from "../../src/lib/name-pattern.ts";
import { searchUsers, type FoundUserRow } from "../../src/operators/users/search-users.ts";
import { createTestDatabase, useTestDatabase } from "../support/database.ts";
import { onTestFinished, share } from "../support/test-end.ts";

const TURKISH =
  "encoding 'UTF8' locale_provider icu icu_locale 'tr-TR' lc_collate 'C' lc_ctype 'C'";

/** Names as people write them, in both spellings of letters. */
const NAMES = [
  "Anna Stra\u00dfer",
  "ANNA STRASSER",
  "\u0130pek I\u015f\u0131k",
  "isik",
  "\u00c9lo\u00efse d'Or",
  "e\u0301lo\u00efse".normalize("NFD"),
  "\u03a3\u03af\u03c3\u03c5\u03c6\u03bf\u03c2",
  "\u0418\u0432\u0430\u043d \u0419\u043e\u0432\u0438\u0447",
  "\u738b\u4f1f",
  "\u738b\u5c0f\u660e",
  "\u5f20\u4f1f\u738b",
  "\u304c\u304e\u3050",
  "\u304b\u3099\u304d",
  "\ud55c\uad6d\uc0ac\ub78c",
  "\u0e2a\u0e21\u0e0a\u0e32\u0e22",
  "\u0645\u064f\u062d\u0645\u062f",
  "\u{1d400}\u{20bb7}\u{1f600}",
  "o\ufb03ce",
  "\u212aelvin \u017fun",
  "50%_\\ 'quoted' & | ! :* ()",
  "a",
];

interface Stored {
  readonly userId: string;
  readonly externalId: string;
  readonly displayName: string;
}

/** More than a sample reads, so that frequent and rare parts are found in different ways. */
const FILLERS = 1_500;

async function insertUsers(db: Database, users: readonly Stored[]): Promise<void> {
  await db.query(
    `insert into newday.users (user_id, platform, external_id, display_name)
      select v.user_id, case when v.user_id like '%1' then 'newday' else 'unknown' end, v.external_id, v.display_name
      from unnest($1::text[], $2::text[], $3::text[]) as v (user_id, external_id, display_name)`,
    [
      users.map(({ userId }) => userId),
      users.map(({ externalId }) => externalId),
      users.map(({ displayName }) => displayName),
    ],
  );
}

function named(displayName: string, at: number): Stored {
  return { userId: `moon:u${at}`, externalId: `u${at}`, displayName };
}

const FILLED = Array.from({ length: FILLERS }, (_, at) => ({
  userId: `filler-${at}`,
  externalId: `${at}`,
  displayName: at % 3 === 0 ? `\u674e ${at}` : `Ordinary ${at}`,
}));
const WALLETS = ["legacy-anna", "\u738b-legacy", "moon:walletonly"];

async function fill(db: Database): Promise<Database> {
  await insertUsers(db, [...NAMES.map(named), ...FILLED]);
  await db.query(
    `insert into newday.ledger_wallets (number, id, user_id)
      select nextval('newday.wallet_number'), 'w-' || id, id from unnest($1::text[]) as id`,
    [[...WALLETS, "moon:u0", "filler-7"]],
  );
  return db;
}

/** The rule of the market's search, without a database. */
function matches(part: string, text: string): boolean {
  const pattern = namePattern(part).replaceAll(
    /\\([!-/:-@[-`{-~])/g,
    (_, sign: string) => `\\u{${sign.charCodeAt(0).toString(16)}}`,
  );
  return new RegExp(pattern, "u").test(text);
}

const ALL = [...NAMES.map(named), ...FILLED];

function expected(part: string): string[] {
  const users = ALL.filter((user) =>
    [user.userId, user.externalId, user.displayName].some((text) => matches(part, text)),
  ).map(({ userId }) => userId);
  return [...users, ...WALLETS.filter((id) => matches(part, id))].toSorted();
}

async function searchAll(db: Database, part: string, limit: number): Promise<FoundUserRow[]> {
  const found: FoundUserRow[] = [];
  for (;;) {
    const page = await searchUsers(db, { part, after: found.at(-1)?.position, limit });
    found.push(...page);
    if (page.length < limit) return found;
  }
}

const ids = (rows: readonly FoundUserRow[]) => rows.map(({ userId }) => userId);

/** A part of a name, in any case and spelling. */
const parts = fc
  .tuple(
    fc.constantFrom(...NAMES, ...WALLETS, "filler-12", "Ordinary 77", "u1", "moon:u"),
    fc.nat(8),
    fc.integer({ min: 1, max: 5 }),
    fc.constantFrom("same", "upper", "lower", "NFC", "NFD"),
  )
  .map(([name, from, length, form]) => {
    const part = Array.from(name.normalize("NFC"))
      .slice(from, from + length)
      .join("");
    if (form === "upper") return part.toUpperCase();
    if (form === "lower") return part.toLowerCase();
    return form === "same" ? part : part.normalize(form);
  })
  .filter((part) => /[^\p{M}]/u.test(part));

describe.each([
  ["the locale of the embedded database", { server: "pg18", template: "migrated" }],
  ["Turkish by ICU", { server: "pg15", template: "empty", options: TURKISH }],
] as const)("the search for users on %s", (_, options) => {
  const shared = share(async () => {
    const database = await createTestDatabase(options);
    onTestFinished(() => database.drop());
    await migrate(database.db);
    return fill(database.db);
  });

  it("finds what a filter in memory finds, each user once", async () => {
    const db = shared();
    await fc.assert(
      fc.asyncProperty(parts, fc.constantFrom(300, 2_000), async (part, limit) => {
        const found = ids(await searchAll(db, part, limit));
        expect([part, found.toSorted()]).toEqual([part, expected(part)]);
      }),
      { numRuns: 12 },
    );
  });

  it.each(["\u738b", "\u738b\u4f1f", "an", "\u674e", "fil", "%", "'", "\\", "u12", "STRASSE"])(
    "finds %s",
    async (part) => {
      const found = ids(await searchAll(shared(), part, 200));
      expect(found.toSorted()).toEqual(expected(part));
    },
  );
});

describe("the search for users", () => {
  const shared = share(async () => fill((await useTestDatabase()).db));

  it("begins with users whose id or external id is the whole text", async () => {
    const [first, second] = await searchUsers(shared(), { part: "u1", after: undefined, limit: 9 });
    expect(first).toMatchObject({ userId: "moon:u1", externalId: "u1", platform: "newday" });
    expect(second?.userId).toMatch(/u1/);
    const [wallet] = await searchUsers(shared(), {
      part: "legacy-anna",
      after: undefined,
      limit: 1,
    });
    expect(wallet).toMatchObject({ userId: "legacy-anna", externalId: null, displayName: null });
  });

  it("gives each row once while rows are added", async () => {
    const { db } = await useTestDatabase();
    await fill(db);
    const before = expected("moon:");
    const found: FoundUserRow[] = [];
    for (let page = 0; ; page += 1) {
      const rows = await searchUsers(db, {
        part: "moon:",
        after: found.at(-1)?.position,
        limit: 5,
      });
      found.push(...rows);
      if (rows.length < 5) break;
      await insertUsers(db, [{ ...named("New", 9_000 + page), externalId: `x${page}` }]);
    }
    const old = ids(found).filter((id) => !/u9\d{3}$/.test(id));
    expect(old.toSorted()).toEqual(before);
    expect(new Set(ids(found)).size).toBe(found.length);
  });

  it("has an index entry for every text that the pattern takes for the same", async () => {
    const pairs: [text: string, part: string][] = [];
    for (let code = 0x80; code < 0x1f000; code += 1) {
      // Hangul syllables are 11,000 of one rule; behind them are halves of letters.
      if (code >= 0xac80 && code < 0xe000) continue;
      const letter = String.fromCodePoint(code);
      const written = [letter.toUpperCase(), letter.toLowerCase(), letter.normalize("NFD")];
      for (const other of new Set(written))
        if (other !== letter)
          for (const pair of [
            [other, letter],
            [letter, other],
          ] as const)
            if (/[^\p{M}]/u.test(pair[1]) && matches(pair[1], pair[0])) pairs.push([...pair]);
    }
    expect(pairs.length).toBeGreaterThan(3_000);
    const missing = await shared().query(
      `select text, part from unnest($1::text[], $2::text[]) as p (text, part)
        where not newday.search_vector('x' || text || 'y') @@ newday.search_query(part)`,
      [pairs.map(([text]) => text), pairs.map(([, part]) => part)],
    );
    expect(missing).toEqual([]);
  });
});
