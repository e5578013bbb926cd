/** Sixteen clients of the game: reads and writes of both tables, in both orders, without a pause. */
import { setTimeout as sleep } from "node:timers/promises";
import {
  openDirectClient,
  type ConnectionTarget,
} from "../../server/src/db/driver/direct-client.ts";
import { sqlStateOf } from "../../server/src/db/sql-state.ts";

export const CLIENTS = 16;
/** A pause shorter than a person's; it keeps two cores from being the limit. */
const THINK_MS = 5;

export interface LoadResult {
  readonly requests: number;
  readonly worstMs: number;
  readonly p50Ms: number;
  readonly errors: Readonly<Record<string, number>>;
}

export interface Load {
  stop(): Promise<LoadResult>;
}

/** Each client works on rows of its own, so that only table locks can make one wait for another. */
export async function startClients(target: ConnectionTarget): Promise<Load> {
  const state = { stopped: false };
  const latencies: number[] = [];
  const errors: Record<string, number> = {};
  const owners = await walletOwners(target);
  const clients = Array.from({ length: CLIENTS }, async (_, number) => {
    const client = await openDirectClient({
      target,
      applicationName: `game ${number}`,
      connectTimeoutMs: 10_000,
    });
    const own = owners.filter((_id, at) => at % CLIENTS === number);
    for (let turn = 0; !state.stopped; turn++) {
      const id = own[turn % own.length] ?? "";
      const started = performance.now();
      try {
        for (const statement of requestOf(turn + number, id)) await client.query(...statement);
      } catch (error) {
        const code = sqlStateOf(error) ?? "?";
        errors[code] = (errors[code] ?? 0) + 1;
        await client.query("rollback");
      }
      latencies.push(performance.now() - started);
      await sleep(THINK_MS);
    }
    await client.close();
  });
  return {
    async stop() {
      state.stopped = true;
      await Promise.all(clients);
      const sorted = latencies.toSorted((a, b) => a - b);
      return {
        requests: sorted.length,
        worstMs: sorted.at(-1) ?? 0,
        p50Ms: sorted[Math.floor(sorted.length / 2)] ?? 0,
        errors,
      };
    },
  };
}

type Call = [text: string, values?: unknown[]];

const READ_WALLET = "select game_coins from public.wallets where user_id = $1";
const READ_PLAYER = "select nickname from public.players where id = $1";
const TOUCH_WALLET = "update public.wallets set updated_at = now() where user_id = $1";
const TOUCH_PLAYER =
  "update public.players set total_adventures = total_adventures + 1 where id = $1";
const JOIN =
  "select w.game_coins, p.nickname from public.players p join public.wallets w on w.user_id = p.id where p.id = $1";

/** The orders differ on purpose: every fixed order of ours opposes some of them. */
function requestOf(kind: number, id: string): Call[] {
  const inTransaction = (first: string, second: string): Call[] => [
    ["begin"],
    [first, [id]],
    [second, [id]],
    ["commit"],
  ];
  const requests: Call[][] = [
    [[READ_WALLET, [id]]],
    inTransaction(TOUCH_WALLET, TOUCH_PLAYER),
    [[JOIN, [id]]],
    inTransaction(TOUCH_PLAYER, TOUCH_WALLET),
    [[READ_PLAYER, [id]]],
    inTransaction(READ_PLAYER, TOUCH_WALLET),
  ];
  return requests[kind % requests.length] ?? [];
}

async function walletOwners(target: ConnectionTarget): Promise<string[]> {
  const client = await openDirectClient({
    target,
    applicationName: "bench",
    connectTimeoutMs: 10_000,
  });
  const rows = await client.query<{ id: string }>(
    "select user_id as id from public.wallets order by 1",
  );
  await client.close();
  return rows.map(({ id }) => id);
}

/** A report that reads the wallets in a transaction and stays open. */
export async function holdReader(target: ConnectionTarget, milliseconds: number): Promise<void> {
  const client = await openDirectClient({
    target,
    applicationName: "nightly report",
    connectTimeoutMs: 10_000,
  });
  await client.query("begin");
  await client.query("select count(*) from public.wallets");
  await sleep(milliseconds);
  await client.query("commit");
  await client.close();
}
