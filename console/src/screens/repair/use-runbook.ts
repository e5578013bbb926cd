import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { RepairState } from "@newday/sdk/admin";
import { callAdmin } from "../../api/admin-client.ts";
import { knownRepair } from "./known-repair.ts";

/** Boxes of a finished run are probed so often; a running one's as its journal grows. */
const REFRESH_MS = 15_000;

/** The checklist and the runbook, read anew whenever the journal or the keys have changed. */
export function useRunbook({ journal, keys, repair }: RepairState, run: string | undefined) {
  const query = { ...knownRepair(repair.id), run };
  return useQuery({
    queryKey: ["getRepairRunbook", query, journal.head, keys.join()],
    queryFn: () => callAdmin("getRepairRunbook", { query }),
    refetchInterval: REFRESH_MS,
    placeholderData: keepPreviousData,
  });
}
