import { readConfig } from "../config.ts";
import type { Message } from "../lib/messages.ts";
import { openOrJoinStore, type Store } from "../start/open-store.ts";
import { languageOfCommand } from "./usage/usage-error.ts";

const LABEL: Message = { en: "database: ", zh: "数据库：" };

/**
 * Opens the database of the settings and names it on stderr: a command in another folder than its
 * server has another database. A missing database stays missing. Errors: as `openOrJoinStore`.
 */
export async function openCommandStore(): Promise<Store> {
  const store = await openOrJoinStore(readConfig(process.env, process.cwd()));
  const language = languageOfCommand();
  process.stderr.write(`newday: ${LABEL[language]}${store.description[language]}\n`);
  return store;
}
