/**
 * The smoke test, bound to the database: the API's wallet must be the row that *we* see.
 *
 * Before the drop an external user's wallet must fail (red). After it, the wallet must succeed
 * (green), appear in our own connection as the only row, and reappear in a second call. An API that
 * is green before, or whose row is missing here, belongs to another database. Every synthetic id is
 * journaled before the call, and its untouched row is removed afterwards.
 */
import { randomUUID } from "node:crypto";
import type { SmokeTarget } from "../model/definition.ts";
import { quoteIdentifier, type DirectClient } from "../../db/driver/direct-client.ts";
import type { Emit } from "../model/events.ts";
import type { Inspection } from "../catalogue/inspection.ts";
import type { Journal } from "../journal/journal.ts";
import type { StoryEvent } from "../journal/run-story.ts";
import type { Message } from "../../lib/messages.ts";
import { cleanUp, openIntents, type Intents } from "./clean-up.ts";
import {
  findSmokeWallets,
  readMoment,
  someWallet,
  walletsAmong,
  type WalletTable,
} from "./smoke-queries.ts";
import { callWallet, type WalletAnswer } from "./wallet-api.ts";

/** Agreed with partners: a prefix outside their own ids. */
export const DEFAULT_PREFIX = "newday-smoke-";
/** Enough to collide if the API checks and then inserts; few enough for any rate limit. */
const PARALLEL_CALLS = 20;
/** Longer than any id that New Day accepts (255), shorter than a proxy's own limit. */
const LONG_ID_LENGTH = 400;

export interface SmokeRequest {
  readonly client: DirectClient;
  readonly inspection: Inspection;
  /** The table that the API shows. */
  readonly target: SmokeTarget;
  readonly baseUrl: string;
  readonly prefix: string;
  readonly journal: Journal;
  readonly past: readonly StoryEvent[];
  readonly emit: Emit;
}

export interface SmokeCheck {
  readonly id: string;
  /** Undefined: observed, with too little weight to fail. */
  readonly ok: boolean | undefined;
  readonly text: Message;
}

export interface SmokeResult {
  /** `red` before the drop, `green` after it. */
  readonly phase: "red" | "green";
  readonly passed: boolean;
  /** The API answers from another database than ours. */
  readonly elsewhere: boolean;
  readonly checks: readonly SmokeCheck[];
  /** Synthetic wallets that were left in place, and why. */
  readonly left: readonly Message[];
}

interface Smoke extends SmokeRequest {
  readonly table: WalletTable;
  readonly checks: SmokeCheck[];
  /** Synthetic users whose wallets may exist. */
  readonly intents: Intents;
}

/** Runs the phase that fits the state of the database. Rejects only for an internal fault. */
export async function smoke(request: SmokeRequest): Promise<SmokeResult> {
  const { inspection } = request;
  const { target } = request;
  const table = walletTable(inspection, target);
  const run: Smoke = { ...request, table, checks: [], intents: openIntents(request.past) };
  const left = await cleanUp(run, run.intents);
  const shown = inspection.tables.find(({ name }) => name === target.table);
  const red = inspection.keys.some(({ tableOid }) => tableOid === shown?.oid);
  const isElsewhere = red ? await mustFail(run) : await mustSucceed(run);
  await normalPlayer(run);
  left.push(...(await cleanUp(run, run.intents)));
  reportCleanUp(run, left);
  const passed = run.checks.every(({ ok }) => ok !== false);
  return { phase: red ? "red" : "green", passed, elsewhere: isElsewhere, checks: run.checks, left };
}

function reportCleanUp(run: Smoke, left: readonly Message[]): void {
  for (const { en: english, zh: chinese } of left)
    reportCheck(run, "cleanup", undefined, {
      en: `a synthetic wallet was left in place: ${english}`,
      zh: `合成钱包被保留：${chinese}`,
    });
  if (left.length === 0)
    reportCheck(run, "cleanup", true, {
      en: "no synthetic wallet is left (removed by exact id)",
      zh: "没有遗留的合成钱包（按确切 ID 删除）",
    });
}

/** An adopted database shows its wallets through a view of the old name. */
function walletTable({ schema }: Inspection, { table, column }: SmokeTarget): WalletTable {
  const name = `${quoteIdentifier(schema)}.${quoteIdentifier(table)}`;
  return { name, table, userColumn: column };
}

/** Red: the key must refuse a foreign row, in this very database. */
async function mustFail(run: Smoke): Promise<boolean> {
  const id = await syntheticId(run);
  const before = await readMoment(run.client);
  const answer = await callWallet(run.baseUrl, id);
  const rows = await findSmokeWallets(run.client, run.table, id);
  const after = await readMoment(run.client);
  const failed = answer.status >= 400;
  reportCheck(run, "red", failed, {
    en: `an external user's wallet fails before the repair: ${answer.words.en}`,
    zh: `修复前外部用户的钱包应失败：${answer.words.zh}`,
  });
  if (answer.status === 200 && rows.length === 0) return elsewhere(run, answer);
  const moved = after.rollbacks > before.rollbacks;
  if (failed)
    reportCheck(run, "red-visible", moved ? true : undefined, {
      en: moved
        ? "the failed attempt moved this database's rollback counter"
        : "the failed attempt left no trace here that can be seen; the wallet of a known player is the evidence",
      zh: moved
        ? "失败的请求使本库的回滚计数增加"
        : "本库看不到失败请求的痕迹；以已知玩家的钱包为证",
    });
  return false;
}

async function mustSucceed(run: Smoke): Promise<boolean> {
  await refusals(run);
  const id = await syntheticId(run);
  const answer = await callWallet(run.baseUrl, id);
  reportCheck(run, "green", answer.status === 200, {
    en: `an external user gets a wallet: ${answer.words.en}`,
    zh: `外部用户获得钱包：${answer.words.zh}`,
  });
  if (answer.status !== 200) return false;
  promised(run, answer);
  const rows = await findSmokeWallets(run.client, run.table, id);
  if (rows.length === 0) return elsewhere(run, answer);
  const bound = rows.length === 1 && rows[0]?.id === answer.walletId;
  reportCheck(run, "bound", bound, {
    en: `the row is in this database, ${rows.length} with that id, the very one that the API names`,
    zh: `该行在本库中，共 ${rows.length} 行，且与 API 返回的一致`,
  });
  keepRow(run, id, rows[0]?.content);
  await repeated(run, id, answer);
  await parallel(run);
  return false;
}

/** The runbook on paper expects both in the JSON of a first call (docs/contract.md 3.2). */
function promised(run: Smoke, { isNew, gameCoins }: WalletAnswer): void {
  reportCheck(run, "new", isNew === true, {
    en: `the first call says isNewWallet true: ${isNew ?? "absent"}`,
    zh: `首次请求的 isNewWallet 应为 true：${isNew ?? "缺失"}`,
  });
  reportCheck(run, "coins", (gameCoins ?? 0) > 0, {
    en: `a new wallet shows its starting coins: ${gameCoins ?? "absent"}`,
    zh: `新钱包应显示初始金币：${gameCoins ?? "缺失"}`,
  });
}

function elsewhere(run: Smoke, { words }: WalletAnswer): boolean {
  reportCheck(run, "bound", false, {
    en: `B83: the API answered ${words.en}, and no such row is in this database: it uses another one`,
    zh: `B83：API 返回 ${words.zh}，但本库没有该行：API 连接的是另一个数据库`,
  });
  return true;
}

async function repeated(run: Smoke, id: string, first: WalletAnswer): Promise<void> {
  const second = await callWallet(run.baseUrl, id);
  const same = second.walletId === first.walletId && second.isNew !== true;
  reportCheck(run, "repeat", same, {
    en: `a second call shows the same wallet, not a new one: ${second.words.en}`,
    zh: `再次请求返回同一钱包而非新建：${second.words.zh}`,
  });
}

async function parallel(run: Smoke): Promise<void> {
  const id = await syntheticId(run);
  const calls = Array.from({ length: PARALLEL_CALLS }, () => callWallet(run.baseUrl, id));
  const answers = await Promise.all(calls);
  const rows = await findSmokeWallets(run.client, run.table, id);
  const ids = new Set(answers.map(({ walletId }) => walletId));
  const good = answers.filter(({ status }) => status === 200).length;
  reportCheck(run, "parallel", rows.length === 1 && ids.size === 1 && good === PARALLEL_CALLS, {
    en: `${PARALLEL_CALLS} calls at once for a new user: ${good} answered 200, ${ids.size} wallet, ${rows.length} row`,
    zh: `新用户 ${PARALLEL_CALLS} 个并发请求：${good} 个返回 200，${ids.size} 个钱包，${rows.length} 行`,
  });
  keepRow(run, id, rows[0]?.content);
}

/** B80: the key was also the input check; a malformed id must create no wallet. */
async function refusals(run: Smoke): Promise<void> {
  const long = `${run.prefix}${"x".repeat(LONG_ID_LENGTH)}`;
  const probes: readonly (readonly [name: Message, path: string, id: string | undefined])[] = [
    [{ en: "a NUL character", zh: "含 NUL 字符" }, `${run.prefix}%00`, undefined],
    [{ en: "too many characters", zh: "过长" }, long, long],
    [{ en: "spaces only", zh: "仅含空格" }, "%20%20%20", "   "],
    [
      { en: "control characters", zh: "含控制字符" },
      `${run.prefix}%0A%1B`,
      `${run.prefix}\n\u001B`,
    ],
    [{ en: "a path in it", zh: "含路径" }, "..%2F..%2Fetc%2Fpasswd", "../../etc/passwd"],
  ];
  const ids = probes.flatMap(([, , id]) => (id === undefined ? [] : [id]));
  const before = await walletsAmong(run.client, run.table, ids);
  for (const id of ids) await journalIntent(run, id);
  for (const [{ en: name, zh: chinese }, path, id] of probes) {
    const answer = await callWallet(run.baseUrl, path);
    const made =
      id !== undefined &&
      !before.includes(id) &&
      (await walletsAmong(run.client, run.table, [id])).length > 0;
    const refused = answer.status >= 400 && answer.status < 500;
    reportCheck(run, `refuses ${name}`, made ? false : refused ? true : undefined, {
      en: `an id with ${name}: ${answer.words.en}, ${made ? "A WALLET WAS MADE (B80)" : "no wallet made"}`,
      zh: `ID ${chinese}：${answer.words.zh}，${made ? "创建了钱包（B80）" : "未创建钱包"}`,
    });
  }
}

async function normalPlayer(run: Smoke): Promise<void> {
  const known = await someWallet(run.client, run.table, run.prefix);
  if (!known) return;
  const answer = await callWallet(run.baseUrl, encodeURIComponent(known.userId));
  reportCheck(run, "normal player", answer.walletId === known.walletId, {
    en: `a player who was there before still gets the old wallet: ${answer.words.en}`,
    zh: `原有玩家仍获得原来的钱包：${answer.words.zh}`,
  });
}

async function syntheticId(run: Smoke): Promise<string> {
  const id = `${run.prefix}${randomUUID()}`;
  await journalIntent(run, id);
  return id;
}

/** Before the call: a run killed now is cleaned up by the next one. */
async function journalIntent(run: Smoke, userId: string): Promise<void> {
  const { at } = await readMoment(run.client);
  run.intents.set(userId, { since: at, content: undefined });
  await run.journal.append("artefact", { kind: "smoke-intent", userId, since: at });
}

function keepRow(run: Smoke, userId: string, content: string | undefined): void {
  const intent = run.intents.get(userId);
  if (intent) run.intents.set(userId, { ...intent, content });
}

function reportCheck(run: Smoke, id: string, ok: boolean | undefined, text: Message): void {
  run.checks.push({ id, ok, text });
  run.emit("check", text, { check: id, ok });
}
