/** Waits for the holders of a data folder, and words the refusals. */
import { setTimeout as sleep } from "node:timers/promises";
import { NewDayError } from "../../errors/errors.ts";
import type { Message } from "../../lib/messages.ts";
import { isProcessAlive } from "../cluster.ts";
import { readFolderOwner, type FolderOwner } from "./folder-lock.ts";
import type { HostIdentity } from "./host-identity.ts";
import type { Holder } from "./lease.ts";

/** A killed owner's backend notices within milliseconds; under load it gets a little longer. */
const DEAD_OWNER_PATIENCE_MS = 10_000;
/** Most commands are done by then; a longer one is named to the waiting starter. */
const COMMAND_PATIENCE_MS = 60_000;
const COMMAND_POLL_MS = 200;

/** Waits a moment for a short-lived holder; throws `data_folder_in_use` for any other. */
export function patienceWithHolders(
  folder: string,
  me: HostIdentity,
  report: ((line: string) => void) | undefined,
): (holder: Holder | undefined) => Promise<void> {
  const started = Date.now();
  let told = false;
  return async (holder) => {
    const waited = Date.now() - started;
    const owner = readFolderOwner(folder);
    const alive = holder !== undefined && lives(holder.pid, owner, me);
    if (!alive && waited < DEAD_OWNER_PATIENCE_MS) return;
    const isCommand = alive && holder.role === "command";
    if (!isCommand || waited >= COMMAND_PATIENCE_MS) throw inUse(folder, holder, owner, me);
    if (!told)
      report?.(`waiting for the newday command that has the data folder (process ${holder.pid})`);
    told = true;
    await sleep(COMMAND_POLL_MS);
  };
}

/** A process number of another PID namespace is meaningless here; its session identifies it. */
function lives(pid: number, owner: FolderOwner | undefined, me: HostIdentity): boolean {
  const elsewhere = owner?.process === pid && !isSameNamespace(owner, me);
  return elsewhere || isProcessAlive(pid);
}

/** True when the process that wrote its name into the folder is one of this namespace and lives. */
export function isStarterAlive(owner: FolderOwner | undefined, me: HostIdentity): boolean {
  if (!owner || !isSameNamespace(owner, me) || owner.process === process.pid) return false;
  return isProcessAlive(owner.process);
}

function isSameNamespace(owner: HostIdentity, me: HostIdentity): boolean {
  return owner.boot === me.boot && owner.namespace === me.namespace;
}

function inUse(
  folder: string,
  holder: Holder | undefined,
  owner: FolderOwner | undefined,
  me: HostIdentity,
): NewDayError {
  const elsewhere = owner !== undefined && owner.process === holder?.pid && owner.host !== me.host;
  const who = processName(holder?.pid, elsewhere ? owner.host : undefined);
  return refusal(
    folder,
    { pid: holder?.pid ?? null },
    {
      en: `is in use by ${who.en}. Stop that one`,
      zh: `正被${who.zh}使用。请先停止该进程`,
    },
  );
}

/** For a folder whose lock is held by processes out of reach. */
export function inUseOutOfReach(folder: string): NewDayError {
  const owner = readFolderOwner(folder);
  const who = processName(owner?.process, owner?.host);
  return refusal(
    folder,
    { pid: owner?.process ?? null, host: owner?.host ?? null },
    {
      en: `is held by ${who.en}, which cannot be reached from here (another container, user or network file system). Stop it where it runs`,
      zh: `被${who.zh}占用，且无法从此处访问（另一容器、用户或网络文件系统）。请在其运行处停止它`,
    },
  );
}

/** For a folder whose PostgreSQL answers nothing, because it is halted. */
export function inUseByHalted(folder: string, pid: number): NewDayError {
  return refusal(
    folder,
    { pid },
    {
      en: `is in use by PostgreSQL (process ${pid}), which is halted. Let it go on (kill -CONT ${pid}) or end it`,
      zh: `正被已暂停的 PostgreSQL（进程 ${pid}）使用。请让它继续运行（kill -CONT ${pid}）或结束它`,
    },
  );
}

/** For a folder with the recent heartbeat of a host with another kernel. */
export function inUseOnHost(folder: string, owner: FolderOwner, leftMs: number): NewDayError {
  const left = Math.ceil(leftMs / 1000);
  const who = processName(owner.process, owner.host);
  const details = { pid: owner.process, host: owner.host, retryAfterSeconds: left };
  return refusal(folder, details, {
    en: `is in use by ${who.en}. Stop it there; if that host is down, start again in ${left} seconds`,
    zh: `正被${who.zh}使用。请在该主机上停止它；若该主机已停机，请在 ${left} 秒后重新启动`,
  });
}

function processName(pid: number | undefined, host: string | undefined): Message {
  const known = { en: `New Day process ${pid}`, zh: ` New Day 进程 ${pid} ` };
  const name =
    pid === undefined ? { en: "another New Day process", zh: "另一 New Day 进程" } : known;
  if (host === undefined) return name;
  return { en: `${name.en} of host ${host}`, zh: `主机 ${host} 上的${name.zh}` };
}

function refusal(
  folder: string,
  details: Readonly<Record<string, unknown>>,
  { en, zh }: Message,
): NewDayError {
  const message = {
    en: `The data folder ${folder} ${en}, or set NEWDAY_DATA_DIR to another folder.`,
    zh: `数据目录 ${folder} ${zh}，或将 NEWDAY_DATA_DIR 设为其他目录。`,
  };
  return new NewDayError("data_folder_in_use", { folder, ...details }, { message });
}
