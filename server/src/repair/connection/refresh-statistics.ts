import type { Queryable } from "../../db/database.ts";
import type { Text } from "../model/text.ts";
import { queryIfAllowed } from "./optional-query.ts";

const SUBJECT: Text = ["fresh statistics inside a transaction", "事务内的最新统计信息"];

/** A transaction keeps its first list of sessions and statistics until told to refresh it. */
export async function refreshStatistics(db: Queryable): Promise<void> {
  await queryIfAllowed(db, SUBJECT, [], () => db.query("select pg_stat_clear_snapshot()"));
}
