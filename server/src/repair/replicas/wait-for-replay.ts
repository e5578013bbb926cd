/** After the change: until every standby shows it, a reader there sees the old state. */
import { setTimeout as sleep } from "node:timers/promises";
import type { DirectClient } from "../../db/driver/direct-client.ts";
import { readWalPosition } from "../catalogue/server-queries.ts";
import type { Emit } from "../model/events.ts";
import type { Message } from "../../lib/messages.ts";
import { duration } from "../model/text.ts";
import type { ReplicaLink } from "./replica-link.ts";
import {
  findMissingSynchronous,
  findStandbys,
  findStandbysBefore,
  readReplica,
} from "./replica-queries.ts";

/** The default of max_standby_streaming_delay: by then a reader in the way has been cancelled. */
const REPLAY_BUDGET_MS = 30_000;
const POLL_MS = 100;

export interface Replay {
  /** Every commit before the call lies before it. */
  readonly lsn: string;
  readonly standbys: readonly string[];
  /** Standbys that were behind when the time was over. */
  readonly pending: readonly string[];
  readonly waitedMs: number;
}

/**
 * Waits, for a bounded time, until all streaming and all named standbys have replayed the present
 * commits. Undefined when there are none. A late standby leaves the change valid.
 */
export async function waitForReplay(
  primary: DirectClient,
  links: readonly ReplicaLink[],
  emit: Emit,
  budgetMs = REPLAY_BUDGET_MS,
): Promise<Replay | undefined> {
  const lsn = await readWalPosition(primary);
  if (lsn === undefined) {
    emit("warning", POSITION_HIDDEN, {});
    return undefined;
  }
  const missing = await findMissingSynchronous(primary);
  if (missing !== undefined) reportMissing(emit, missing);
  const streaming = (await findStandbys(primary)).map(({ name }) => name);
  const standbys = [...streaming, ...links.map(({ name }) => name)];
  if (standbys.length === 0) return undefined;
  const started = performance.now();
  let pending = await pendingAt(primary, links, lsn);
  while (pending.length > 0 && performance.now() - started < budgetMs) {
    await sleep(POLL_MS);
    pending = await pendingAt(primary, links, lsn);
  }
  const replay = { lsn, standbys, pending, waitedMs: Math.round(performance.now() - started) };
  reportReplay(emit, replay, { streaming: streaming.length, named: links.length });
  return replay;
}

const POSITION_HIDDEN: Message = {
  en: "the server refuses its WAL position: whether standbys have replayed the change is unknown",
  zh: "服务器拒绝提供 WAL 位置：无法得知备库是否已重放该更改",
};

async function pendingAt(
  primary: DirectClient,
  links: readonly ReplicaLink[],
  lsn: string,
): Promise<string[]> {
  const named = await Promise.all(links.map((link) => isBefore(link, lsn)));
  const behind = links.filter((_, at) => named[at]).map(({ name }) => name);
  return [...(await findStandbysBefore(primary, lsn)), ...behind];
}

/** An unreachable one counts as behind. */
async function isBefore(link: ReplicaLink, lsn: string): Promise<boolean> {
  try {
    const { lagBytes } = await readReplica(await link.client(), lsn);
    return (lagBytes ?? 1) > 0;
  } catch {
    return true;
  }
}

function reportMissing(emit: Emit, names: string): void {
  emit(
    "warning",
    {
      en: `no synchronous standby streams (synchronous_standby_names '${names}'): the change is on this server only, and a failover would undo it`,
      zh: `没有同步备库在线（synchronous_standby_names “${names}”）：更改只在本服务器上，故障切换会使其丢失`,
    },
    { synchronousStandbyNames: names },
  );
}

/** A standby that streams from here may be a named one too, which their names do not tell. */
function reportReplay(
  emit: Emit,
  replay: Replay,
  { streaming, named }: { streaming: number; named: number },
): void {
  const { pending, waitedMs } = replay;
  const waited = duration(waitedMs);
  if (pending.length === 0)
    emit(
      "note",
      {
        en: `replayed by every standby (streaming: ${streaming}, named: ${named}) within ${waited}`,
        zh: `所有备库（流复制：${streaming}，指定：${named}）已在 ${waited} 内重放`,
      },
      { ...replay },
    );
  else
    emit(
      "warning",
      {
        en: `not replayed after ${waited} by ${pending.join(", ")}: readers there still see the key; a long reader or a paused replay is in the way`,
        zh: `${waited} 后仍未重放：${pending.join("、")}；其读者仍看到旧外键，可能有长查询或重放暂停`,
      },
      { ...replay },
    );
}
