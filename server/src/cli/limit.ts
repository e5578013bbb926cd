/** `newday limit`: how much a user, or the users of a platform, may spend in a window of time. */
import { helpText } from "./usage/help-text.ts";
import { jsonOption } from "./usage/json-option.ts";
import type { Command } from "commander";
import { NewDayError } from "../errors/errors.ts";
import { listPlatforms } from "../identity/platforms/platform-queries.ts";
import { findLimit } from "../ledger/policies/read-limits.ts";
import { removeSpendingLimit, setSpendingLimit } from "../ledger/policies/set-limit.ts";
import { changeOf, operatorTerms, requirePolicyField } from "../ledger/policies/policy-command.ts";
import { createDryRunEngine } from "../engine/dry-run.ts";
import { listLimits, type ListedLimit } from "../policy/limits/list-limits.ts";
import { LIMIT_SCOPES } from "../policy/limits/limit-rows.ts";
import { SPENDING_KINDS } from "../policy/rules/spending-kinds.ts";
import { WINDOW_NAMES } from "../policy/rules/windows.ts";
import type { PostingServices } from "../ledger/wallets/posting-services.ts";
import { makeChange, parseMinorUnits, withModel } from "./model-change.ts";
import { registerPolicyLog, withReason, type PolicyOptions } from "./policy-options.ts";
import { invalidArgument } from "./usage/usage-error.ts";
import { withEngine } from "./with-engine.ts";

const OWNER = "operator";

interface SetOptions extends PolicyOptions {
  readonly user?: string;
  readonly platform?: string;
  readonly each?: true;
  readonly kind?: string;
  readonly window: string;
  readonly seconds?: bigint;
}

export function registerLimit(program: Command): void {
  const limit = program.command("limit").description(
    helpText({
      en: "bound what users spend in a window of time",
      zh: "限定用户在一段时间内的支出",
    }),
  );
  registerList(limit);
  registerSet(limit);
  registerRemove(limit);
  registerPolicyLog(limit, "limit");
}

function registerList(limit: Command): void {
  limit
    .command("list")
    .description(
      helpText({ en: "every limit; of one platform, or of all", zh: "所有限额；可指定一个平台" }),
    )
    .option("--platform <name>", helpText({ en: "of this platform", zh: "仅该平台" }))
    .option(...jsonOption("array"))
    .action(({ platform, json }: { platform?: string; json?: true }) =>
      withModel(async (db) => {
        const limits = await listLimits(db, platform ?? null);
        const text = json
          ? JSON.stringify(limits, (_, value: unknown) =>
              typeof value === "bigint" ? `${value}` : value,
            )
          : limits.map(describe).join("\n") || "-";
        process.stdout.write(`${text}\n`);
      }),
    );
}

function registerSet(limit: Command): void {
  withReason(
    limit.command("set <currency> <maximum>").description(
      helpText({
        en: "set or change a limit of one user, of each user of a platform, or of all of them together",
        zh: "设置或更改限额：单个用户、平台每位用户，或平台全部用户合计",
      }),
    ),
  )
    .option("--user <userId>", helpText({ en: "one user", zh: "单个用户" }))
    .option("--platform <name>", helpText({ en: "all users of a platform", zh: "平台的用户" }))
    .option("--each", helpText({ en: "each of them by itself", zh: "每位用户分别计算" }))
    .option(
      "--kind <kind>",
      helpText({
        en: `one kind of payment: ${SPENDING_KINDS.join(", ")}`,
        zh: `仅一类支出：${SPENDING_KINDS.join("、")}`,
      }),
    )
    .requiredOption(
      "--window <window>",
      helpText({
        en: `of the UTC calendar, or the last seconds: ${WINDOW_NAMES.join(", ")}`,
        zh: `UTC 日历周期，或最近若干秒：${WINDOW_NAMES.join("、")}`,
      }),
    )
    .option(
      "--seconds <number>",
      helpText({ en: "length of a rolling window", zh: "滚动窗口的长度" }),
      parseMinorUnits,
    )
    .action((currency: string, maximum: string, options: SetOptions) =>
      makeChange(options, (db, context) =>
        withEngine(db, "newday-limit", async (services) => {
          const wanted = await wantedOf(services, { currency, maximum, options });
          const posting = postingOf(services, context.dryRun);
          return changeOf("limit", await setSpendingLimit(posting, wanted, operatorTerms(context)));
        }),
      ),
    );
}

async function wantedOf(
  { db, directory }: PostingServices,
  {
    currency,
    maximum,
    options,
  }: { readonly currency: string; readonly maximum: string; readonly options: SetOptions },
) {
  const { user, platform, each, kind, window, seconds, reason } = options;
  if ((user === undefined) === (platform === undefined))
    throw invalidArgument({
      en: "exactly one of --user and --platform",
      zh: "--user 与 --platform 必选其一",
    });
  const wallet = user === undefined ? undefined : await directory.findWallet(user);
  if (user !== undefined && !wallet) throw new NewDayError("wallet_not_found", { field: "user" });
  const platforms = await listPlatforms(db);
  const isKnown = platform === undefined || platforms.some(({ name }) => name === platform);
  requirePolicyField(isKnown, "platform", {
    en: "is one that `newday platform list` shows",
    zh: "必须是 newday platform list 列出的平台",
  });
  const scope = wallet ? "user" : each ? "each" : "platform";
  return {
    scope: oneOfWords(scope, LIMIT_SCOPES),
    owner: OWNER,
    platform: wallet?.platform ?? platform ?? "",
    wallet: wallet ?? null,
    currency,
    kind: kind === undefined ? null : oneOfWords(kind, SPENDING_KINDS),
    window: oneOfWords(window, WINDOW_NAMES),
    seconds: seconds === undefined ? null : Number(seconds),
    maximum: parseMinorUnits(maximum),
    reason,
  };
}

function oneOfWords<Word extends string>(text: string, words: readonly Word[]): Word {
  const found = words.find((word) => word === text);
  if (found === undefined)
    throw invalidArgument({ en: `one of ${words.join(", ")}`, zh: `${words.join("、")} 之一` });
  return found;
}

function registerRemove(limit: Command): void {
  withReason(
    limit.command("remove <id>").description(
      helpText({
        en: "remove a limit, also one that a platform has set",
        zh: "移除限额，包括平台设置的限额",
      }),
    ),
  ).action((limitId: string, options: PolicyOptions) =>
    makeChange(options, (db, context) =>
      withEngine(db, "newday-limit", async (services) => {
        const posting = postingOf(services, context.dryRun);
        const removal = { limitId, owner: OWNER, reason: options.reason };
        if (!(await findLimit(db, limitId)))
          throw new NewDayError("policy_not_found", { field: "id" });
        return changeOf(
          "limit",
          await removeSpendingLimit(posting, removal, operatorTerms(context)),
        );
      }),
    ),
  );
}

function postingOf(services: PostingServices, dryRun: boolean): PostingServices {
  return dryRun ? { ...services, engine: createDryRunEngine(services.engine) } : services;
}

function describe(limit: ListedLimit): string {
  const { id, scope, owner, platform, userId, currency, kind, window, seconds, maximum } = limit;
  const who = userId ?? `${scope === "each" ? "each user of " : ""}${platform}`;
  const when = window === "rolling" ? `${seconds} s` : window;
  return `${id}  ${who.padEnd(28)} ${maximum} ${currency} / ${when}  ${kind ?? "-"}  ${owner}`;
}
