import { readConfig, readLanguage } from "../config.ts";
import { openOrJoinStore, type Store } from "../start/open-store.ts";

const LABEL = { en: "database: ", zh: "数据库：" } as const;

/**
 * Opens the database of the settings and names it on stderr: a command in another folder than its
 * server has another database. A missing database stays missing. Errors: as `openOrJoinStore`.
 */
export async function openCommandStore(): Promise<Store> {
  const store = await openOrJoinStore(readConfig(process.env, process.cwd()));
  process.stderr.write(`newday: ${LABEL[readLanguage(process.env)]}${store.description}\n`);
  return store;
}
