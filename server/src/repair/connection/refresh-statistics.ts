import type { Queryable } from "../../db/database.ts";
import type { Message } from "../../lib/messages.ts";
import { queryIfAllowed } from "./optional-query.ts";

const SUBJECT: Message = {
  en: "fresh statistics inside a transaction",
  zh: "事务内的最新统计信息",
};

/** A transaction keeps its first list of sessions and statistics until told to refresh it. */
export async function refreshStatistics(db: Queryable): Promise<void> {
  await queryIfAllowed(db, SUBJECT, [], () => db.query("select pg_stat_clear_snapshot()"));
}
