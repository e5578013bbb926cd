/** The smoke test proves that the API and the database belong together, and removes its rows. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import pg from "pg";
import { describe, expect, onTestFinished, test } from "vitest";
import { inspect } from "../../src/repair/catalogue/inspection.ts";
import { withRepairConnection } from "../../src/repair/connection/connection.ts";
import { findRepair } from "../../src/repair/model/repairs.ts";
import { silent } from "../../src/repair/model/events.ts";
import { openJournal } from "../../src/repair/journal/journal.ts";
import { findRun } from "../../src/repair/journal/run-story.ts";
import { DEFAULT_PREFIX, smoke, type SmokeResult } from "../../src/repair/aftercare/smoke.ts";
import { useTestApp } from "../support/app.ts";
import { useTestDatabase, type TestDatabase } from "../support/database.ts";
import { startNewday } from "./apply-support.ts";
import { useLegacyDatabase } from "./legacy.ts";

const DROP = "alter table public.wallets drop constraint wallets_user_id_players_id_fk;";

interface ApiOptions {
  readonly saysNew?: boolean;
  /** The published server checked nothing: its key did. */
  readonly checksIds?: boolean;
  /** The row whose insertion is announced and then not done, as after a crash of the tool. */
  readonly onWallet?: (db: pg.Pool, userId: string) => Promise<void>;
}

/** A wallet API as New Day's first server was: look, insert, look again. */
async function useOldApi(database: TestDatabase, options: ApiOptions = {}): Promise<string> {
  const pool = new pg.Pool({ connectionString: database.url, max: 5 });
  pool.on("error", () => undefined);
  const server = createServer((request, response) => {
    void (async () => {
      const userId = decodeURIComponent(request.url?.split("/").at(-1) ?? "");
      try {
        if (options.checksIds !== false && !/^[\w.-]{1,255}$/.test(userId)) {
          response.writeHead(400).end("{}");
          return;
        }
        const made = await pool.query(
          "insert into public.wallets (user_id) values ($1) on conflict do nothing returning id",
          [userId],
        );
        if (made.rowCount) await options.onWallet?.(pool, userId);
        const { rows } = await pool.query<{ id: string; gameCoins: number }>(
          'select id, game_coins as "gameCoins" from public.wallets where user_id = $1',
          [userId],
        );
        const isNewWallet = options.saysNew !== false && made.rowCount === 1;
        response.end(JSON.stringify({ wallet: rows[0], isNewWallet }));
      } catch {
        response.writeHead(500).end('{"code":"DATABASE_ERROR"}');
      }
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await pool.end();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** An address that refuses connections: its server has ended. */
async function useClosedPort(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

function runSmoke(url: string, baseUrl: string) {
  return withRepairConnection(url, "test", async (client) => {
    const journal = await openJournal({ runId: "run-1", client, local: undefined });
    const past = (await findRun(client, { id: "run-1" }))?.events ?? [];
    const repair = findRepair("wallets");
    const inspection = await inspect(client, repair);
    const target = repair.smoke ?? { table: "wallets", column: "user_id" };
    return smoke({
      client,
      inspection,
      target,
      baseUrl,
      prefix: DEFAULT_PREFIX,
      journal,
      past,
      emit: silent,
    });
  });
}

async function syntheticRows({ db }: TestDatabase): Promise<number> {
  const [row] = await db.query<{ n: number }>(
    "select count(*)::int as n from public.wallets where user_id like 'newday-smoke-%' or user_id like '../%'",
  );
  return row?.n ?? -1;
}

function failing(checks: readonly { id: string; ok: boolean | undefined }[]): string[] {
  return checks.filter(({ ok }) => ok === false).map(({ id }) => id);
}

/** Chinese texts with two English words in a row; PostgreSQL's and the system's own words aside. */
function inEnglish(checks: SmokeResult["checks"]): string[] {
  return checks.map(({ text }) => text.zh).filter((text) => /[a-z]{2,} [a-z]{2,}/.test(text));
}

describe("smoke", () => {
  test("is red while the key stands and green after the drop, and removes its rows by exact id", async () => {
    const database = await useLegacyDatabase();
    const api = await useOldApi(database);
    const red = await runSmoke(database.url, api);
    expect(red).toMatchObject({ phase: "red", passed: true });
    expect(inEnglish(red.checks)).toEqual([]);
    await database.db.query(DROP);
    const green = await runSmoke(database.url, api);
    expect(failing(green.checks)).toEqual([]);
    expect(inEnglish(green.checks)).toEqual([]);
    expect(green).toMatchObject({ phase: "green", passed: true, left: [] });
    expect(green.checks.map(({ id }) => id)).toEqual(
      expect.arrayContaining(["bound", "repeat", "parallel", "normal player"]),
    );
    expect(await syntheticRows(database)).toBe(0);
  });

  test("an API on a copy of the database is unmasked, before the drop and after it", async () => {
    const database = await useLegacyDatabase();
    const repairedCopy = await useLegacyDatabase("pg15", DROP);
    const api = await useOldApi(repairedCopy);
    expect(await runSmoke(database.url, api)).toMatchObject({ elsewhere: true, passed: false });
    await database.db.query(DROP);
    expect(await runSmoke(database.url, api)).toMatchObject({ elsewhere: true, passed: false });
  });

  test("an API that mints wallets for rubbish fails the test (B80), and the rubbish is removed", async () => {
    const database = await useLegacyDatabase("pg15", DROP);
    const api = await useOldApi(database, { checksIds: false });
    const result = await runSmoke(database.url, api);
    expect(failing(result.checks)).toEqual(
      expect.arrayContaining([
        "refuses too many characters",
        "refuses spaces only",
        "refuses a path in it",
      ]),
    );
    expect(inEnglish(result.checks)).toEqual([]);
    expect(await syntheticRows(database)).toBe(0);
  });

  test("D13: a wallet without coins, and a first call that is never new, are red", async () => {
    const poor = await useLegacyDatabase(
      "pg15",
      `${DROP}; alter table public.wallets alter column game_coins set default 0`,
    );
    const answer = await runSmoke(poor.url, await useOldApi(poor, { saysNew: false }));
    expect(answer.passed).toBe(false);
    expect(failing(answer.checks)).toEqual(["new", "coins"]);
  });

  test("a synthetic wallet that was used is left in place and flagged", async () => {
    const database = await useLegacyDatabase("pg15", DROP);
    const spend = (pool: pg.Pool, userId: string) =>
      pool
        .query("insert into public.adventure_items (player_id, item_name) values ($1, 'sword')", [
          userId,
        ])
        .then(() => undefined);
    await database.db.query(
      "alter table public.adventure_items drop constraint adventure_items_player_id_players_id_fk",
    );
    const api = await useOldApi(database, { onWallet: spend });
    const result = await runSmoke(database.url, api);
    expect(result.left).toHaveLength(2);
    expect(result.left[0]?.en).toMatch(/adventure_items names it/);
    expect(inEnglish(result.checks)).toEqual([]);
    expect(await syntheticRows(database)).toBe(2);
  });

  test("a run that was killed after its call is cleaned up by the next one", async () => {
    const database = await useLegacyDatabase("pg15", DROP);
    await withRepairConnection(database.url, "killed", async (client) => {
      const journal = await openJournal({ runId: "run-1", client, local: undefined });
      for (const userId of ["newday-smoke-untouched", "newday-smoke-rich"])
        await journal.append("artefact", {
          kind: "smoke-intent",
          userId,
          since: "2020-01-01 00:00:00+00",
        });
    });
    await database.db.query(
      "insert into public.wallets (user_id, game_coins) values ('newday-smoke-untouched', 1000), ('newday-smoke-rich', 5000)",
    );
    const result = await runSmoke(database.url, await useOldApi(database));
    expect(result.left).toEqual([
      {
        en: expect.stringContaining("newday-smoke-rich: it was used"),
        zh: expect.stringContaining("已被使用"),
      },
    ]);
    expect(inEnglish(result.checks)).toEqual([]);
    expect(await syntheticRows(database)).toBe(1);
  });

  test("D7: the integration page's rows are announced before the adoption, and counted afterwards", async () => {
    const database = await useLegacyDatabase("pg15", DROP);
    const baseUrl = await useOldApi(database);
    const page = startNewday([
      "smoke",
      "--api-url",
      baseUrl,
      "--integration-page",
      "--database-url",
      database.url,
    ]);
    expect(await page.ended).toBe(8);
    const output = page.output();
    const announced = output.indexOf(
      "their rows stay in the tables, and the exact rollback closes",
    );
    const counted = /rows of external users: 0 before the checks, (\d+) now/.exec(output);
    expect(announced).toBeGreaterThan(-1);
    expect(counted?.index).toBeGreaterThan(announced);
    const [row] = await database.db.query<{ n: number }>(
      "select count(*)::int as n from public.wallets w where not exists (select from public.players p where p.id = w.user_id)",
    );
    expect(Number(counted?.[1])).toBe(row?.n);
  });

  test("an API that does not answer is reported in both languages", async () => {
    const database = await useLegacyDatabase("pg15", DROP);
    const { checks } = await runSmoke(database.url, await useClosedPort());
    const { en: english, zh: chinese } = checks.find(({ id }) => id === "green")?.text ?? {
      en: "",
      zh: "",
    };
    expect(english).toContain("no answer (connect ECONNREFUSED");
    expect(chinese).toContain("没有响应（connect ECONNREFUSED");
    expect(inEnglish(checks)).toEqual([]);
  });

  test("our own server passes against its own database", async () => {
    const database = await useTestDatabase();
    await database.db.query(DROP);
    const { app } = await useTestApp({ database });
    await app.listen({ port: 0, host: "127.0.0.1" });
    const { port } = app.server.address() as AddressInfo;
    const result = await runSmoke(database.url, `http://127.0.0.1:${port}`);
    expect(failing(result.checks)).toEqual([]);
    expect(result.checks.filter(({ ok }) => ok === undefined)).toEqual([]);
  });
});
