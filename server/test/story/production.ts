/** The second part: the adopted database behind a server in production mode, and the compatibility login. */
import { counterId } from "../../src/ledger/limits/limit-counters.ts";
import { createSecretsKey } from "../../src/identity/platforms/secrets-key.ts";
import type { Settings } from "../support/spawn-server.ts";
import type { RunbookStep } from "./runbook.ts";
import type { StoryStage } from "./stage.ts";

/** A secret of the story only. */
export const PARTNER_SECRET = "the partner's secret in the story alone";
/** Of a user in total, in minor units. */
export const SPENDING_CAP = 200;

/** What a production server needs; the commands beside it read the same key. */
export function productionSettings(): Settings {
  return {
    NEWDAY_MODE: "production",
    NEWDAY_PLATFORM_SECRETS: `allinone=${PARTNER_SECRET}`,
    NEWDAY_SECRETS_KEY: createSecretsKey(),
  };
}

const POLICY = "from newday.platforms where name = 'allinone' and login_policy";

export const LOGIN_ON: RunbookStep = {
  title: { en: "Production: the compatibility login, on", zh: "生产模式：开启兼容登录" },
  command: `platform set allinone --login compatibility --compatibility-cap ${SPENDING_CAP} --accept SENTENCE`,
  probe: (stage) =>
    holds(stage, `${POLICY} = 'compatibility' and compatibility_cap = ${SPENDING_CAP}`),
  proves: {
    en: "one platform's clients log in without a proof, up to a cap; the change is recorded",
    zh: "仅一个平台的客户端可无凭证登录，且有总限额；更改已留记录",
  },
};

export const PRODUCTION_PAGE: RunbookStep = {
  title: { en: "Production: the partner's page, 开始测试", zh: "生产模式：合作方页面，开始测试" },
  probe: (stage) => holds(stage, "from newday.transfers where caller like 'unverified:itest-%'"),
  proves: {
    en: "every row of the page is green, and its payments are marked as unverified",
    zh: "页面每一行都通过，其付款在账本中标为未验证",
  },
};

export const LOGIN_OFF: RunbookStep = {
  title: { en: "Production: the compatibility login, off", zh: "生产模式：关闭兼容登录" },
  command: "platform set allinone --login hmac",
  probe: (stage) => holds(stage, `${POLICY} = 'hmac'`),
  proves: { en: "every login needs a proof again", zh: "每次登录重新需要凭证" },
};

/** The steps that follow the runbook's, in their order. */
export const PRODUCTION_STEPS: readonly RunbookStep[] = [LOGIN_ON, PRODUCTION_PAGE, LOGIN_OFF];

async function holds({ client }: StoryStage, rows: string): Promise<boolean> {
  const [row] = await client.query<{ found: boolean }>(`select exists (select ${rows}) as found`);
  return row?.found === true;
}

/** What counts against the user's cap. */
export async function spentByCompatibility(
  { client }: StoryStage,
  userId: string,
): Promise<number> {
  const [row] = await client.query<{ count: string }>(
    "select count::text from newday.limit_counters where id = $1",
    [counterId("compatibility", userId)],
  );
  return Number(row?.count ?? 0);
}
