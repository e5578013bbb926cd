/** Plays the scenes with the real command and records its output. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { spawnOnOneTerminal } from "../../server/test/support/one-terminal.ts";
import { mask } from "./mask.ts";
import { SCENES } from "./scenes.ts";
import { setStage, type Stage } from "./stage.ts";

const HEAD = `# A recorded run

The whole repair on the legacy database, played by \`npm run record:repair\` against a PostgreSQL 15 of its own
with this repository's server over it. Every line below was printed by the command; only what differs from
run to run (times, ids, hashes, sizes) is masked, and a test plays it again and compares. The last line of
each command is read from the catalogue after everything else.

完整修复过程的终端记录，由脚本生成；仅屏蔽每次运行不同的时间、编号、哈希与大小。
`;

/** A secret of the recording only. */
const WEBHOOK_SECRET = `whsec_${Buffer.from("a secret of the recording only").toString("base64")}`;

export async function record(): Promise<string> {
  const stage = await setStage();
  try {
    const parts = [HEAD];
    for (const { title, words, commands, sql } of SCENES) {
      parts.push(`## ${title}\n\n${words}\n`);
      if (sql !== undefined) {
        await stage.sql(sql);
        parts.push(`\`\`\`sql\n${sql};\n\`\`\`\n`);
      }
      for (const command of commands) parts.push(await play(stage, command));
    }
    return parts.join("\n");
  } finally {
    await stage.close();
  }
}

async function play(stage: Stage, command: string): Promise<string> {
  const args = command.split(" ").map((word) => fillIn(stage, word));
  const { ended, output } = spawnOnOneTerminal(
    ["server/bin/newday.mjs", "repair", ...args],
    environment(stage),
  );
  const status = await ended;
  const shown = command.replace("PLAN", "plan.json").replace("BACKUPS", "backups");
  const asked = shown.replace("HASH", "<id>").replace("API", stage.apiUrl);
  const text = `$ newday repair ${asked}\n${output().replaceAll(`${stage.folder}/`, "").trim()}\n[exit ${status}]`;
  return `\`\`\`\`text\n${mask(text)}\n\`\`\`\`\n`;
}

function environment({ databaseUrl, folder, partnerUrl }: Stage): NodeJS.ProcessEnv {
  return {
    // Else `status` also shows what other repairs of this machine are doing at the moment.
    TMPDIR: folder,
    PATH: process.env["PATH"],
    LANG: "C.UTF-8",
    NO_COLOR: "1",
    DATABASE_URL: databaseUrl,
    NEWDAY_NOTIFY_WEBHOOK_URL: partnerUrl,
    NEWDAY_NOTIFY_WEBHOOK_SECRET: WEBHOOK_SECRET,
    NEWDAY_NOTIFY_CONTACT: "on-call@newday.example",
  };
}

function fillIn({ folder, apiUrl }: Stage, word: string): string {
  if (word === "PLAN") return join(folder, "plan.json");
  if (word === "BACKUPS") return join(folder, "backups");
  if (word === "API") return apiUrl;
  if (word === "HASH") return planHash(folder).slice(0, 8);
  return word;
}

function planHash(folder: string): string {
  const file = JSON.parse(readFileSync(join(folder, "plan.json"), "utf8")) as { hash: string };
  return file.hash;
}
