/** Everything that the runbook of a run shows: its journal, and the present state of the database. */
import type { ConnectionTarget } from "../../db/driver/direct-client.ts";
import { withRepairConnection } from "../connection/connection.ts";
import type { RunStory } from "../journal/run-story.ts";
import { findRepair } from "../model/repairs.ts";
import { WALLETS_REPAIR } from "../model/wallets.ts";
import { queryRefused } from "../plan/query-refused.ts";
import { readAdoptionEvidence } from "../verify/adopted-objects.ts";
import { readFinalStatus } from "../verify/final-status.ts";
import { verify, type ProofOptions } from "../verify/verify.ts";
import type { ReportInput } from "./report.ts";

export type RunEvidence = Pick<ReportInput, "story" | "repair" | "now" | "adoption"> & {
  readonly status: Awaited<ReturnType<typeof readFinalStatus>>;
};

/**
 * Probes every box of the run anew. Errors: those of `openRepairConnection` and `verify`; `repair_blocked`
 * (B66) while another session holds the tables exclusively.
 */
export async function readRunEvidence(
  target: ConnectionTarget,
  story: RunStory,
  { schema: given, ...options }: ProofOptions & { readonly schema?: string | undefined },
): Promise<RunEvidence> {
  const repair = findRepair(story.repairId);
  // Where several schemas hold the tables, the run knows its own.
  const schema = story.schema ?? given;
  const { now, adoption } = await withRepairConnection(target, "report", async (client) => {
    const now = await verify(client, repair, schema, options).catch(async (error: unknown) => {
      throw await queryRefused(client, repair, error);
    });
    const ofNewDay = now.inspection.anchorTable === WALLETS_REPAIR.anchorTable;
    const adoption = ofNewDay
      ? await readAdoptionEvidence(client, now.inspection.schema)
      : undefined;
    return { now, adoption };
  });
  return { story, repair, now, adoption, status: await readFinalStatus(target, repair, schema) };
}
