/** The partner's calls before the repair, between repair and adoption, after it, and in production: what works where. */
import type { Message } from "../../src/lib/messages.ts";
import {
  buyUntilRefused,
  countPageChecks,
  LOGIN,
  playPartner,
  statusOfBalance,
  type PartnerCall,
  type PartnerCallId,
} from "./partner-flow.ts";
import { compareReads } from "./same-reads.ts";
import { SPENDING_CAP, spentByCompatibility } from "./production.ts";
import type { Screen } from "./screen.ts";
import type { StoryStage } from "./stage.ts";

const WRITES: readonly PartnerCallId[] = ["buy", "export"];
/** What a login without a proof would open. */
const LOGIN_CALLS: readonly PartnerCallId[] = ["login", "balance", "inventory", ...WRITES];
const BESIDE: Message = { en: "New Day beside it, on the same tables", zh: "同库并行的 New Day" };

export async function partnerBefore(screen: Screen, stage: StoryStage): Promise<void> {
  screen.title(screen.t({ en: "Before: the partner's calls", zh: "修复前：合作方的调用" }));
  const old = await play(screen, { en: "the old server", zh: "旧服务器" }, stage.old.base);
  screen.box(failsOnly(old, ["wallet"]), {
    en: "as on paper: an external user gets no wallet from the old server (500)",
    zh: "与文档一致：旧服务器无法为外部用户创建钱包（500）",
  });
  const ours = await play(screen, BESIDE, stage.base);
  const refused: readonly PartnerCallId[] = ["wallet", ...WRITES];
  screen.box(failsOnly(ours, refused) && nameStep(ours, refused, "REPAIR_DUE"), {
    en: "New Day reads wallets, market and inventory; each refusal names the step that opens the call",
    zh: "New Day 可读取钱包、市场与库存；每次拒绝都指明开放该调用的步骤",
  });
  await compareReads(screen, stage);
  await showPageChecks(screen, stage);
}

export async function partnerBetween(screen: Screen, stage: StoryStage): Promise<void> {
  const title: Message = {
    en: "Between repair and adoption: the partner's calls",
    zh: "修复之后、接管之前：合作方的调用",
  };
  screen.title(screen.t(title));
  const old = await play(screen, { en: "the old server", zh: "旧服务器" }, stage.old.base);
  screen.box(failsOnly(old, []), {
    en: "nothing was taken away: every call of the partner works on the old server",
    zh: "没有失去任何功能：合作方在旧服务器上的每个调用都可用",
  });
  const ours = await play(screen, BESIDE, stage.base);
  screen.box(failsOnly(ours, WRITES) && nameStep(ours, WRITES, "ADOPTION_DUE"), {
    en: "the external user has a wallet; writes of items wait for the adoption, and say so",
    zh: "外部用户已有钱包；道具写入需等待接管，并已说明",
  });
  await compareReads(screen, stage);
  await showPageChecks(screen, stage);
}

export async function partnerAfter(screen: Screen, stage: StoryStage): Promise<void> {
  const title: Message = {
    en: "After: the partner's calls, and the old server",
    zh: "完成之后：合作方的调用与旧服务器",
  };
  screen.title(screen.t(title));
  const ours = await play(screen, { en: "New Day", zh: "New Day" }, stage.base);
  screen.box(failsOnly(ours, []), {
    en: "every call of the partner works",
    zh: "合作方的每个调用都可用",
  });
}

const PRODUCTION: Message = { en: "New Day in production", zh: "生产模式的 New Day" };

/** `token` was opened by a compatibility login that has been switched off since. */
export async function partnerUnverified(
  screen: Screen,
  { base }: StoryStage,
  token?: string,
): Promise<void> {
  const calls = await play(screen, PRODUCTION, base);
  const [login, ...others] = LOGIN_CALLS;
  screen.box(
    failsOnly(calls, LOGIN_CALLS) &&
      nameStep(calls, [login ?? "login"], "FORBIDDEN") &&
      nameStep(calls, others, "INVALID_TOKEN"),
    {
      en: "a login without a proof is refused, and the answer says what to send; market and wallet stay public",
      zh: "没有凭证的登录被拒绝，回复说明需要提供什么；市场与钱包仍可公开读取",
    },
  );
  if (token === undefined) return;
  screen.box((await statusOfBalance(base, token)) === 401, {
    en: "its sessions ended with it (401)",
    zh: "其会话已随之结束（401）",
  });
}

/** Returns the token of the last login. */
export async function partnerWithinCap(screen: Screen, stage: StoryStage): Promise<string> {
  const calls = await play(screen, PRODUCTION, stage.base);
  screen.box(failsOnly(calls, []), {
    en: "every call of the partner's unmodified page works in production",
    zh: "合作方未经修改的页面在生产模式下，每个调用都可用",
  });
  const { token, bought, last } = await buyUntilRefused(stage.base);
  const spent = await spentByCompatibility(stage, LOGIN.allinoneUserId);
  screen.line({
    en: `${bought} more purchases, then ${last.status}: ${last.rule.en} → ${last.step.en}`,
    zh: `再购买 ${bought} 次后 ${last.status}：${last.rule.zh} → ${last.step.zh}`,
  });
  const isNamed = last.rule.en.includes(String(SPENDING_CAP)) && last.rule.zh !== "";
  screen.box(!last.works && isNamed && spent > 0 && spent <= SPENDING_CAP, {
    en: `the cap ends it in words: ${spent} of ${SPENDING_CAP} are spent, over both logins`,
    zh: `到达限额后以文字拒绝：两次登录共支出 ${spent}，限额 ${SPENDING_CAP}`,
  });
  return token;
}

async function play(screen: Screen, { en, zh }: Message, base: string): Promise<PartnerCall[]> {
  const calls = await playPartner(base);
  const works = calls.filter((call) => call.works).length;
  screen.line({
    en: `${en}: ${works} of ${calls.length} calls work`,
    zh: `${zh}：${calls.length} 个调用中 ${works} 个可用`,
  });
  for (const call of calls) screen.detail(describe(call, screen));
  return calls;
}

function describe({ works, title, status, code, step }: PartnerCall, screen: Screen): string {
  const why = code === "" ? "" : ` ${code}`;
  const opens = screen.t(step) === "" ? "" : ` → ${screen.t(step)}`;
  return `${works ? "✓" : "✗"} ${screen.t(title)} · ${status}${why}${opens}`;
}

/** Whether these calls fail and all others work. */
function failsOnly(calls: readonly PartnerCall[], failing: readonly PartnerCallId[]): boolean {
  return calls.every(({ id, works }) => works !== failing.includes(id));
}

/** Whether each of these refusals names the step of the runbook that opens the call. */
function nameStep(
  calls: readonly PartnerCall[],
  refused: readonly PartnerCallId[],
  expected: string,
): boolean {
  return calls
    .filter(({ id }) => refused.includes(id))
    .every(({ code, step }) => code === expected && step.en !== "" && step.zh !== "");
}

async function showPageChecks(screen: Screen, { base }: StoryStage): Promise<void> {
  const { en, zh } = await countPageChecks(base);
  screen.line({ en: `the page's checks on New Day: ${en}`, zh: `New Day 上的页面检查：${zh}` });
}
