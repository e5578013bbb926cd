/** The posting engine of a command: its changes meet those of running servers by revisions and locks. */
import type { Database } from "../db/database.ts";
import { adoptionState } from "../db/adoption-state.ts";
import { createPostingEngine } from "../engine/engine.ts";
import { adoptionDue } from "../errors/adoption-due.ts";
import { createPostingServices, type PostingServices } from "../ledger/wallets/posting-services.ts";
import { createPostingRegistry } from "../start/posting-registry.ts";

export async function withEngine<Result>(
  db: Database,
  applicationName: string,
  work: (services: PostingServices) => Promise<Result>,
): Promise<Result> {
  if ((await adoptionState(db)) !== "adopted") throw adoptionDue();
  const engine = createPostingEngine(db, createPostingRegistry(), { applicationName });
  try {
    return await work(createPostingServices(db, engine));
  } finally {
    await engine.drain();
  }
}
