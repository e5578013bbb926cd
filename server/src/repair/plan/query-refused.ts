/** Catalog query blocked by another session's exclusive lock, held or requested. */
import type { DirectClient } from "../../db/driver/direct-client.ts";
import { SQL_STATE, sqlStateOf } from "../../db/sql-state.ts";
import { isNewDayError } from "../../errors/errors.ts";
import { refusal } from "../../errors/refusals.ts";
import { findBlockers, isMaintenance } from "../drop/blocker-queries.ts";
import { tablesOf, type RepairDefinition } from "../model/definition.ts";
import { findTableOids, findWaitingMaintenance } from "./environment-queries.ts";
import type { Message } from "../../lib/messages.ts";

const JUST_ENDED: Message = { en: "it has just ended", zh: "刚刚结束" };

/** True for an error that `queryRefused` can put into words. */
export function isLockTimeout(error: unknown): boolean {
  return !isNewDayError(error) && sqlStateOf(error) === SQL_STATE.lockNotAvailable;
}

/** `repair_blocked` that names the blockers (B66) for a lock timeout; other errors as they are. */
export async function queryRefused(
  client: DirectClient,
  repair: RepairDefinition,
  error: unknown,
): Promise<unknown> {
  if (client.isLost() || !isLockTimeout(error)) return error;
  const tables = await findTableOids(client, tablesOf(repair));
  const holders = (await findBlockers(client, tables, [client.handshakePid])).filter(isMaintenance);
  const waiting = await findWaitingMaintenance(client, tables);
  const who = [...holders, ...waiting].map(
    ({ pid, application, mode }) => `pid ${pid} (${application ?? "?"}, ${mode})`,
  );
  return refusal(
    "maintenance_in_the_way",
    { who: who.join(", ") || JUST_ENDED },
    { details: { finding: "B66", who }, cause: error },
  );
}
