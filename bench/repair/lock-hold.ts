/** The real time of the exclusive locks when the operator is 80 ms away. */
import {
  openDirectClient,
  type ConnectionTarget,
} from "../../server/src/db/driver/direct-client.ts";
import { startWireProxy } from "../../server/test/support/wire-proxy.ts";
import type { Method } from "./methods.ts";

const ROUND_TRIP_MS = 80;

/** Longest unbroken time in which ACCESS EXCLUSIVE on wallets was seen, sampled without a pause. */
export async function lockHold(
  server: { readonly host: string; readonly port: number; readonly user: string },
  database: string,
  method: Method,
): Promise<number> {
  const proxy = await startWireProxy({ server, delayMs: ROUND_TRIP_MS / 2 });
  const observer = await startObserver({ ...server, database });
  try {
    await method(`postgres://${server.user}@127.0.0.1:${proxy.port}/${database}`);
    return await observer.stop();
  } finally {
    await proxy.close();
  }
}

async function startObserver(target: ConnectionTarget): Promise<{ stop(): Promise<number> }> {
  const client = await openDirectClient({
    target,
    applicationName: "observer",
    connectTimeoutMs: 10_000,
  });
  const state = { stopped: false, worstMs: 0 };
  const watching = (async () => {
    let since: number | undefined;
    while (!state.stopped) {
      const asked = performance.now();
      const [row] = await client.query<{ held: boolean }>(
        `select exists (select from pg_locks where relation = to_regclass('public.wallets')
           and mode = 'AccessExclusiveLock' and granted) as held`,
      );
      if (row?.held) {
        since ??= asked;
        state.worstMs = Math.max(state.worstMs, performance.now() - since);
      } else since = undefined;
    }
  })();
  return {
    async stop() {
      state.stopped = true;
      await watching;
      await client.close();
      return state.worstMs;
    },
  };
}
