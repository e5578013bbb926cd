/** One runner at a time per database: a session lock that dies with the process that holds it. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Queryable } from "../../db/database.ts";
import { queryIfAllowed } from "../connection/optional-query.ts";
import type { DirectClient } from "../../db/driver/direct-client.ts";
import { NewDayError } from "../../errors/errors.ts";
import { refusal } from "../../errors/refusals.ts";
import type { Emit } from "../model/events.ts";
import type { Message } from "../../lib/messages.ts";
import { duration } from "../model/text.ts";
import { runnerStateOf, type RunnerState } from "./runner-process.ts";

/** Arbitrary but fixed: the same number in every version, or two versions would not exclude. */
const RUNNER_LOCK = 7_301_027;

/**
 * Lifetime of a dead process's session: the server ends a transaction without a client after 15 s,
 * and gives up a silent connection after 25 s.
 */
const DEAD_RUNNER_MS = 30_000;
const POLL_MS = 200;

export interface RunnerQueue {
  readonly emit: Emit;
  readonly signal?: AbortSignal | undefined;
  /** The operator states that the earlier run is dead: a runner of unknown state is waited for. */
  readonly resumes?: boolean;
}

/**
 * Takes the lock. A live runner keeps others out at once. A dead one's session at the server is
 * waited for, with a message. Throws `repair_blocked` that names the other runner.
 */
export async function lockRunner(client: DirectClient, queue: RunnerQueue): Promise<void> {
  const deadline = performance.now() + DEAD_RUNNER_MS;
  for (let reported = false; ;) {
    const [row] = await client.query<{ locked: boolean }>(
      "select pg_try_advisory_lock($1) as locked",
      [RUNNER_LOCK],
    );
    if (row?.locked) return;
    const other = await findRunner(client);
    if (other) {
      const state = runnerStateOf(other.application ?? "");
      if (state === "alive" || (state === "unknown" && !queue.resumes)) throw runs(other);
      if (performance.now() > deadline) throw lingers(other, state);
      if (!reported) reportWaiting(queue.emit, other, state);
      reported = true;
    }
    // The server hides the holder, or it changes at each look: the wait stays bounded.
    if (!other && performance.now() > deadline) throw runs(HIDDEN_RUNNER);
    if (queue.signal?.aborted) throw stopped();
    await sleep(POLL_MS);
  }
}

function reportWaiting(emit: Emit, { pid, application }: Runner, state: RunnerState): void {
  const { en, zh } = state === "dead" ? DEAD : UNKNOWN;
  const limit = duration(DEAD_RUNNER_MS);
  emit(
    "waiting",
    {
      en: `The earlier run left a session at the server (pid ${pid}, ${application ?? "?"}); ${en}. Waiting up to ${limit} for the server to end it; nothing is done meanwhile`,
      zh: `先前的运行在服务器上留有会话（pid ${pid}，${application ?? "?"}）；${zh}。最多等待 ${limit} 直到服务器将其结束，期间不做任何操作`,
    },
    { state: "runner", pid, application, life: state, budgetMs: DEAD_RUNNER_MS },
  );
}

const DEAD: Message = { en: "its process on this machine is dead", zh: "其进程在本机已不存在" };
const UNKNOWN: Message = {
  en: "its process is on another machine, which this check cannot see",
  zh: "其进程在另一台机器上，无法从此处查看",
};

const HIDDEN_RUNNER = { pid: undefined, application: null };

function runs({
  pid,
  application,
}: Pick<Runner, "application"> & { readonly pid: number | undefined }): NewDayError {
  return refusal(
    "runner_active",
    { pid: pid ?? "?", application: application ?? "?" },
    { details: { pid, application } },
  );
}

function lingers({ pid, backendStart, application }: Runner, state: RunnerState): NewDayError {
  const why =
    state === "dead"
      ? { en: "whose process is dead", zh: "其进程已不存在" }
      : { en: "whose process may be dead", zh: "其进程可能已不存在" };
  return refusal(
    "runner_session_open",
    { pid, application: application ?? "?", why, started: backendStart ?? START_HIDDEN },
    { details: { pid, backendStart, application } },
  );
}

const START_HIDDEN: Message = {
  en: "(hidden from this role: list it as a member of pg_read_all_stats)",
  zh: "（该角色看不到：请以 pg_read_all_stats 成员列出）",
};

function stopped(): NewDayError {
  return refusal("stopped_while_waiting", {}, { details: { stopped: true } });
}

export interface Runner {
  readonly pid: number;
  readonly backendStart: string | null;
  readonly application: string | null;
  readonly role: string | null;
  readonly state: string | null;
  readonly ageMs: number | null;
}

const RUNNER: Message = { en: "another running repair", zh: "其他正在运行的修复" };

/** The process that runs a repair on this database now. */
export async function findRunner(db: Queryable): Promise<Runner | undefined> {
  const [runner] = await queryIfAllowed(db, RUNNER, [], () =>
    db.query<Runner>(
      `select l.pid, a.backend_start::text as "backendStart", a.application_name as application,
            a.usename::text as role, a.state,
            (extract(epoch from clock_timestamp() - a.xact_start) * 1000)::float8 as "ageMs"
       from pg_catalog.pg_locks l left join pg_catalog.pg_stat_activity a on a.pid = l.pid
      where l.locktype = 'advisory' and l.granted and l.classid = 0 and l.objid = $1
        and l.database = (select oid from pg_catalog.pg_database where datname = current_database())`,
      [RUNNER_LOCK],
    ),
  );
  return runner;
}

/** Waits until the other runner has ended. Throws `repair_blocked` when that takes too long. */
export async function waitForRunner(client: DirectClient, budgetMs: number): Promise<void> {
  await client.query(`set lock_timeout = ${budgetMs}`);
  try {
    await client.query("select pg_advisory_lock($1)", [RUNNER_LOCK]);
  } catch (cause) {
    throw new NewDayError("repair_blocked", { budgetMs }, { cause });
  } finally {
    if (!client.isLost()) await client.query("set lock_timeout = 0");
  }
}
