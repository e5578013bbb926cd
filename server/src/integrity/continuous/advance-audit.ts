/**
 * Takes the audit one page further: first what is new of each invariant, then, once that is read, a slow second
 * reading of everything, because a row that is edited behind the audit's back is where it was.
 */
import type { AuditPosition, Lane } from "./audit-store.ts";
import { listPositions, storeAuditPosition } from "./audit-store.ts";
import { checkPage } from "./check-page.ts";
import type { FindingServices } from "./freeze-finding.ts";
import { INVARIANTS, type Invariant } from "./invariants.ts";
import type { WalkPosition } from "./walks.ts";

/** A walk by key begins anew after its end; the journal's new rows follow its old ones. */
function isFollowed({ walk }: Invariant): boolean {
  return walk === "journal";
}

interface Step {
  readonly invariant: Invariant;
  readonly lane: Lane;
  readonly position: WalkPosition | null;
}

export interface AuditTurn {
  /** Reads one page; false when nothing is due. */
  step(rowsMax: number): Promise<boolean>;
}

/**
 * What is due in one turn, in order. `now` and `pauseMs`: a reading that ended begins anew after the pause. Without
 * a pause every invariant is read to its end once.
 */
export async function planTurn(
  services: FindingServices,
  { now, pauseMs }: { readonly now: Date; readonly pauseMs: number },
): Promise<AuditTurn> {
  const stored = new Map<string, AuditPosition>();
  for (const row of await listPositions(services.db))
    stored.set(`${row.invariant} ${row.lane}`, row);
  const isResting = ({ reachedAt, position }: AuditPosition) =>
    position === null && reachedAt !== null && now.getTime() - reachedAt.getTime() < pauseMs;
  const stepsOf = (lane: Lane, invariants: readonly Invariant[]) =>
    invariants.flatMap((invariant): Step[] => {
      const row = stored.get(`${invariant.id} ${lane}`);
      return row && lane === "again" && isResting(row)
        ? []
        : [{ invariant, lane, position: row?.position ?? null }];
    });
  const due = [...stepsOf("new", INVARIANTS.filter(isFollowed)), ...stepsOf("again", INVARIANTS)];
  return {
    async step(rowsMax) {
      const [step] = due;
      if (!step) return false;
      const reached = await takeStep(services, step, rowsMax);
      due.shift();
      // Invariants of a lane take turns, so that a long table does not keep the others waiting.
      if (reached !== undefined) {
        const at = due.findIndex(({ lane }) => lane !== step.lane);
        due.splice(at < 0 ? due.length : at, 0, { ...step, position: reached });
      }
      return true;
    },
  };
}

/** The position behind the page; undefined when the step has nothing left in this turn. */
async function takeStep(
  services: FindingServices,
  { invariant, lane, position }: Step,
  rowsMax: number,
): Promise<WalkPosition | null | undefined> {
  const page = await checkPage(services, invariant, position, rowsMax);
  if (!page) return undefined;
  const { ended, checked } = page;
  const reached = ended && lane === "again" ? null : page.position;
  if (checked > 0n || lane === "again")
    await storeAuditPosition(services.db, {
      invariant: invariant.id,
      lane,
      position: reached,
      checked,
      ended,
    });
  return ended ? undefined : page.position;
}

/** Reads everything to its end once, for tests and commands. */
export async function auditToEnd(services: FindingServices, rowsMax = 2_000): Promise<void> {
  const turn = await planTurn(services, { now: new Date(), pauseMs: 0 });
  while (await turn.step(rowsMax)) continue;
}
