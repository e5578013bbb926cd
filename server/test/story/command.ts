/** Runs a command of the runbook as a person would type it in a checkout. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ACCEPTANCE } from "../../src/identity/platforms/compatibility.ts";
import type { Language } from "../../src/lib/messages.ts";
import { shellWord } from "../../src/repair/model/text.ts";
import { spawnOnOneTerminal } from "../support/one-terminal.ts";
import { environment } from "../support/spawn-server.ts";
import type { StoryStage } from "./stage.ts";

const CLI = "server/bin/newday.mjs";
/** A secret of the story only. */
const WEBHOOK_SECRET = `whsec_${Buffer.from("a secret of the story only").toString("base64")}`;
const HOUR_MS = 3_600_000;

export interface Ran {
  /** As typed. */
  readonly typed: string;
  readonly status: number | null;
  /** Both streams, in order; without the folder of this run. */
  readonly output: string;
}

export async function runNewday(
  stage: StoryStage,
  command: string,
  language: Language,
): Promise<Ran> {
  const { folder } = stage;
  const values: Readonly<Record<string, string>> = {
    PLAN: join(folder, "plan.json"),
    BACKUPS: join(folder, "backups"),
    REPORT: join(folder, "runbook.md"),
    API: stage.base,
    AT: new Date(Date.now() + HOUR_MS).toISOString(),
    HASH: planHash(folder),
    SENTENCE: ACCEPTANCE[language],
  };
  const words = command.split(" ").map((word) => values[word] ?? word);
  const { ended, output } = spawnOnOneTerminal(
    [CLI, ...words, "--lang", language],
    environment({
      ...stage.settings,
      NO_COLOR: "1",
      NEWDAY_NOTIFY_WEBHOOK_URL: stage.partnerUrl,
      NEWDAY_NOTIFY_WEBHOOK_SECRET: WEBHOOK_SECRET,
      NEWDAY_NOTIFY_CONTACT: "on-call@newday.example",
    }),
  );
  const status = await ended;
  const inFolder = (text: string) =>
    text.replaceAll(`${folder}/`, "").replaceAll(folder, "/run/postgresql");
  return {
    typed: inFolder(
      `node ${CLI} ${words.map(shellWord).join(" ")}${language === "zh" ? " --lang zh" : ""}`,
    ),
    status,
    output: inFolder(output()),
  };
}

/** Empty before the plan was made. */
function planHash(folder: string): string {
  try {
    const file = JSON.parse(readFileSync(join(folder, "plan.json"), "utf8")) as { hash: string };
    return file.hash.slice(0, 8);
  } catch {
    return "";
  }
}
