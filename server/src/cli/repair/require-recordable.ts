/** Asks, before hours of work, what a command needs that journals its result. */
import { requireSameDatabase, requireWritable } from "../../repair/apply/guards.ts";
import { readServer } from "../../repair/catalogue/server-queries.ts";
import { readOnly, withRepairConnection } from "../../repair/connection/connection.ts";
import { journalRights } from "../../repair/journal/journal-queries.ts";
import { readFingerprint } from "../../repair/plan/build-plan.ts";
import type { Plan } from "../../repair/model/plan.ts";
import { warnUnrecorded } from "./run-journal.ts";
import type { RepairSession } from "./session.ts";

/**
 * Throws `repair_refused` for a server that takes no writes (B02) or another database than the
 * plan's (B01). Warns where the result cannot be journaled.
 */
export async function requireRecordable(session: RepairSession, plan: Plan): Promise<void> {
  const { schema, structure: digest } = plan.target;
  const rights = await withRepairConnection(session.target, "check", (client) =>
    readOnly(client, async () => {
      const server = await readServer(client);
      requireWritable(server);
      requireSameDatabase(plan, await readFingerprint(client, server, { schema, digest }));
      return journalRights(client);
    }),
  );
  if (!rights.mayKeep) warnUnrecorded(session);
}
