/** A repair of the legacy database, watched in two browsers, with a reader in its way. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import type { TerminalCommand } from "../support/one-terminal.ts";
import type { WalkedPage } from "./walked-page.ts";
import type { WalkStage } from "./walk-stage.ts";

const READER = "nightly report";

/** From the plan to the adoption, as the runbook has it; the pages are at the repair all the while. */
export async function watchRepair(stage: WalkStage, pages: readonly WalkedPage[]): Promise<void> {
  for (const watched of pages) {
    await watched.go("/console/repair");
    await watched.page.getByText("wallets_user_id_players_id_fk").waitFor();
    await watched.inspect("repair-1-due");
    await watched.go("/console/repair?view=plan");
    await watched.page.getByText("ACCESS EXCLUSIVE").first().waitFor();
    await watched.inspect("repair-2-plan");
    await watched.go("/console/repair");
  }
  const plan = await makePlan(stage);
  const reader = await stage.connect(READER);
  await reader.script("begin; select count(*) from public.wallets");
  const applying = applyPlan(stage, plan);
  for (const watched of pages) {
    await rowOf(watched, READER).waitFor();
    await badge(watched, { en: "waits", zh: "等待中" }).waitFor();
    await watched.inspect("repair-3-blocked");
  }
  await reader.query("rollback");
  await reader.close();
  for (const watched of pages) {
    await badge(watched, { en: "gone", zh: "已删除" }).waitFor();
    await watched.inspect("repair-4-done");
  }
  requireEnd("apply", await applying.ended, applying.output());
  for (const watched of pages) {
    for (const view of ["checklist", "rollback", "runbook"]) {
      await watched.go(`/console/repair?view=${view}`);
      await watched.inspect(`repair-5-${view}`);
    }
    await watched.go("/console/repair?view=checklist");
    await watched.page.locator('[data-box="☑"]').first().waitFor();
  }
}

/** The money and items of the legacy tables become New Day's own; the server of before is stopped. */
export async function adopt(stage: WalkStage): Promise<void> {
  const adopting = stage.newday(["adopt", "--confirm-database", "newday_prod"]);
  requireEnd("adopt", await adopting.ended, adopting.output());
  await stage.killServer();
}

interface MadePlan {
  readonly path: string;
  readonly hash: string;
}

/** Before the reader comes: a plan would name it as an obstacle. */
async function makePlan(stage: WalkStage): Promise<MadePlan> {
  const path = join(stage.folder, "plan.json");
  const planning = stage.newday(["repair", "plan", "--out", path]);
  requireEnd("plan", await planning.ended, planning.output());
  const { hash } = JSON.parse(readFileSync(path, "utf8")) as { hash: string };
  return { path, hash };
}

function applyPlan(stage: WalkStage, { path, hash }: MadePlan): TerminalCommand {
  const facts = `--confirm-database newday_prod --confirm-environment production --confirm-plan ${hash.slice(0, 8)}`;
  const evidence = ["--backup-attested", "the walk has none"];
  return stage.newday(["repair", "apply", "--plan", path, ...evidence, ...facts.split(" ")]);
}

function rowOf({ page }: WalkedPage, text: string): Locator {
  return page.getByRole("row").filter({ hasText: text });
}

function badge({ page, look }: WalkedPage, words: Readonly<Record<"en" | "zh", string>>): Locator {
  return page.locator(".state-badge").filter({ hasText: words[look.language] }).first();
}

function requireEnd(name: string, status: number | null, output: string): void {
  if (status !== 0) throw new Error(`${name} ended with ${status}: ${output}`);
}
