/** Catalog query blocked by another session's exclusive lock, held or requested. */
import type { DirectClient } from "../../db/driver/direct-client.ts";
import { SQL_STATE, sqlStateOf } from "../../db/sql-state.ts";
import { isNewDayError, NewDayError } from "../../errors/errors.ts";
import { findBlockers, isMaintenance } from "../drop/blocker-queries.ts";
import { tablesOf, type RepairDefinition } from "../model/definition.ts";
import { findTableOids, findWaitingMaintenance } from "./environment-queries.ts";

/** True for an error that `lookRefused` can put into words. */
export function isLockTimeout(error: unknown): boolean {
  return !isNewDayError(error) && sqlStateOf(error) === SQL_STATE.lockNotAvailable;
}

/** `repair_blocked` that names the blockers (B66) for a lock timeout; other errors as they are. */
export async function lookRefused(
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
  return new NewDayError(
    "repair_blocked",
    { finding: "B66", who },
    {
      message: `B66: another migration holds the tables or waits for them: ${who.join(", ") || "it has just ended"}. A look would queue behind it; \`newday repair unblock\` lists it; try again when it has ended. Nothing was changed.`,
      cause: error,
    },
  );
}
