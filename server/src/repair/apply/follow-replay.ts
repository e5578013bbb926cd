/** After the change: waits for the standbys, and journals their replay positions. */
import { waitForReplay } from "../replicas/wait-for-replay.ts";
import type { ApplyContext } from "./apply.ts";
import { journalFact } from "./lost-connection.ts";

/** The change is committed; an unreachable standby is a warning. */
export async function followReplay(context: ApplyContext): Promise<void> {
  const { side, replicas, emit } = context;
  const replay = await waitForReplay(side, replicas, emit).catch((error: unknown) => {
    const words = error instanceof Error ? error.message : String(error);
    emit("warning", {
      en: `The standbys could not be asked: ${words}`,
      zh: `无法询问备库：${words}`,
    });
    return undefined;
  });
  if (replay) await journalFact(context, "artefact", { kind: "replicas", ...replay });
}
