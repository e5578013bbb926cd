/**
 * A PostgreSQL server of our own for an hour: dumps are restored and repairs rehearsed on it.
 *
 * It is another *server*, because a second database on the target's would share its disk, locks and
 * roles. It runs the target's major version, because locks and timings differ by version.
 */
import { chownSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  clusterOwner,
  initializeCluster,
  startCluster,
  type RunningCluster,
} from "../../db/cluster.ts";
import { chooseSocketFolder, releaseSocketFolder } from "../../db/socket-folder.ts";
import { runnableBinaries } from "../../db/embedded/binaries.ts";
import { refusal } from "../../errors/refusals.ts";
import { findTool } from "./pg-tools.ts";
import { withRepairConnection } from "../connection/connection.ts";
import { quoteIdentifier, type ConnectionTarget } from "../../db/driver/direct-client.ts";
import {
  applySettings,
  createRoles,
  localeOptionsSql,
  type DatabaseSetup,
} from "./database-setup.ts";
import { noteOwner, SCRATCH_PREFIX } from "./abandoned-copies.ts";
import { startScratchCleanup } from "./scratch-cleanup.ts";
import type { Message } from "../../lib/messages.ts";

const SUPERUSER = "newday_rehearsal";
/** Only a name in a private socket folder; TCP stays off. */
const SOCKET_NUMBER = 5432;

export interface ScratchServer {
  readonly version: string;
  /** The server and the reason for the choice. */
  readonly why: Message;
  database(name: string): ConnectionTarget;
  /** Creates an empty database, or a copy of `template`, and returns its address. */
  create(
    name: string,
    options: { setup?: DatabaseSetup; template?: string },
  ): Promise<ConnectionTarget>;
  drop(name: string): Promise<void>;
}

interface Origin {
  readonly binDir: string;
  readonly version: string;
  readonly why: Message;
}

/**
 * Runs `work` with a new server of this major version; the server and all of its files are gone
 * afterwards. Throws `repair_refused` when that PostgreSQL is missing.
 */
export async function withScratchServer<T>(
  major: number,
  binDir: string | undefined,
  work: (server: ScratchServer) => Promise<T>,
): Promise<T> {
  const origin = findOrigin(major, binDir);
  const folder = mkdtempSync(join(tmpdir(), SCRATCH_PREFIX));
  noteOwner(folder);
  const socketDir = chooseSocketFolder(folder, SOCKET_NUMBER);
  const endCleanup = startScratchCleanup(folder, socketDir);
  try {
    const cluster = await startScratch(origin, folder, socketDir);
    try {
      return await work(describe(origin, cluster));
    } finally {
      await cluster.stop();
    }
  } finally {
    releaseSocketFolder(socketDir);
    try {
      rmSync(folder, { recursive: true, force: true });
    } finally {
      endCleanup();
    }
  }
}

/** The installed server of this version, else the embedded engine if it has it. */
export function findOrigin(major: number, binDir?: string): Origin {
  const installed = findTool("postgres", major, binDir);
  if (installed)
    return {
      binDir: dirname(installed.path),
      version: installed.version,
      why: {
        en: `PostgreSQL ${installed.version} installed in ${dirname(installed.path)}, the target's major version`,
        zh: `使用安装于 ${dirname(installed.path)} 的 PostgreSQL ${installed.version}，与目标主版本一致`,
      },
    };
  const embedded = embeddedOrigin(major);
  if (embedded) return embedded;
  throw refusal("scratch_server_missing", { major }, { details: { tool: "postgres", major } });
}

function embeddedOrigin(major: number): Origin | undefined {
  try {
    const { binDir, version } = runnableBinaries(clusterOwner());
    if (Number.parseInt(version, 10) !== major) return undefined;
    return {
      binDir,
      version,
      why: {
        en: `the embedded PostgreSQL ${version}: no server of that version is installed here`,
        zh: `使用内置 PostgreSQL ${version}：本机未安装该版本的服务器`,
      },
    };
  } catch {
    // Binaries for this platform are missing: the same as an absent version.
    return undefined;
  }
}

async function startScratch(
  { binDir }: Origin,
  folder: string,
  socketDir: string,
): Promise<RunningCluster> {
  const owner = clusterOwner();
  if (owner) for (const one of [folder, socketDir]) chownSync(one, owner.uid, owner.gid);
  const dataDir = join(folder, "data");
  initializeCluster({ binDir, dataDir, superuser: SUPERUSER });
  return startCluster({
    binDir,
    dataDir,
    socketDir,
    port: SOCKET_NUMBER,
    superuser: SUPERUSER,
    // The copy is thrown away: waiting for disks would only make the rehearsal longer.
    settings: {
      fsync: "off",
      synchronous_commit: "off",
      full_page_writes: "off",
      autovacuum: "off",
    },
  });
}

function describe({ version, why }: Origin, cluster: RunningCluster): ScratchServer {
  const database = (name: string) => ({
    host: cluster.socketDir,
    port: cluster.port,
    user: SUPERUSER,
    database: name,
  });
  return {
    version,
    why,
    database,
    async create(name, { setup, template = "template0" }) {
      const options = setup ? localeOptionsSql(setup) : "";
      await withRepairConnection(database("postgres"), "scratch", async (client) => {
        await createRoles(client, setup?.roles ?? []);
        await applySettings(client, SUPERUSER, setup?.settings ?? []);
        await client.query(
          `create database ${quoteIdentifier(name)} template ${quoteIdentifier(template)} ${options}`,
        );
      });
      return database(name);
    },
    drop: (name) =>
      withRepairConnection(database("postgres"), "scratch", async (client) => {
        await client.query(`drop database ${quoteIdentifier(name)} with (force)`);
      }),
  };
}
