/** `newday user find | show | timeline`: what the operators' API answers, on the machine. */
import { Option, type Command } from "commander";
import { toTimelineEvent, toUserPage, toUserSummary } from "../http/admin/app/user-replies.ts";
import { fillMessage, type Message } from "../lib/messages.ts";
import { requireSearchText } from "../operators/search/search-text.ts";
import { readTimeline } from "../operators/timeline/read-timeline.ts";
import { TIMELINE_KINDS, type TimelineKind } from "../operators/timeline/timeline-event.ts";
import { searchUsers } from "../operators/users/search-users.ts";
import { findWalletNumber, readUserPage } from "../operators/users/user-page.ts";
import { withModel } from "./model-change.ts";
import { helpText } from "./usage/help-text.ts";
import { jsonOption } from "./usage/json-option.ts";
import {
  examples,
  limitOption,
  printLine,
  printRows,
  type ListOptions,
} from "./usage/read-options.ts";
import { languageOfCommand } from "./usage/usage-error.ts";

export function registerReads(user: Command): void {
  registerFind(user);
  registerShow(user);
  registerTimeline(user);
}

function registerFind(user: Command): void {
  user
    .command("find <text>")
    .description(
      helpText({
        en: "users with this part in their name, id or external id; whole ids come first",
        zh: "名称、ID 或外部 ID 含有该文本的用户；完全相同的 ID 排在最前",
      }),
    )
    .addOption(limitOption())
    .option(...jsonOption("array"))
    .addHelpText("after", examples("newday user find \u738b\u4f1f", "newday user find ada --json"))
    .action((text: string, { json, limit }: ListOptions) =>
      withModel(async (db) => {
        const part = await requireSearchText(db, text);
        const found = await searchUsers(db, { part, after: undefined, limit });
        const users = found.map(toUserSummary);
        const lines = users.map(
          ({ userId, platform, displayName }) => `${userId}  ${platform}  ${displayName ?? "-"}`,
        );
        printRows(json ? users : undefined, lines);
      }),
    );
}

function registerShow(user: Command): void {
  user
    .command("show <userId>")
    .description(
      helpText({
        en: "everything about a user: identity, money, things, freezes, limits, sessions",
        zh: "用户全貌：身份、资金、物品、冻结、限额与会话",
      }),
    )
    .option(...jsonOption("object"))
    .addHelpText("after", examples("newday user show ada", "newday user show ada --json"))
    .action((userId: string, { json }: { json?: true }) =>
      withModel(async (db) => {
        const page = toUserPage(await readUserPage(db, userId, new Date()));
        printLine(json ? JSON.stringify(page) : describePage(page));
      }),
    );
}

function registerTimeline(user: Command): void {
  user
    .command("timeline <userId>")
    .description(
      helpText({
        en: "what happened to a user, newest first, with who did it",
        zh: "用户时间线（含操作人），最新在前",
      }),
    )
    .addOption(
      new Option(
        "--kind <kind>",
        helpText({ en: "events of one kind only", zh: "仅显示一类事件" }),
      ).choices(TIMELINE_KINDS),
    )
    .addOption(limitOption())
    .option(...jsonOption("array"))
    .addHelpText(
      "after",
      examples("newday user timeline ada", "newday user timeline ada --kind money --limit 200"),
    )
    .action((userId: string, { json, limit, kind }: ListOptions & { kind?: TimelineKind }) =>
      withModel(async (db) => {
        const wallet = await findWalletNumber(db, userId);
        const page = { kind, after: undefined, limit };
        const { events } = await readTimeline(db, { userId, wallet }, page);
        const shown = events.map(toTimelineEvent);
        const lines = shown.map(
          ({ at, kind: of, event, by, facts }) =>
            `${at}  ${of}  ${event}  ${by ?? "-"}  ${JSON.stringify(facts)}`,
        );
        printRows(json ? shown : undefined, lines);
      }),
    );
}

const WORDS = {
  none: { en: "{side}  no freeze", zh: "{side}  未冻结" },
  frozen: {
    en: "{side}  frozen since {since}, {end}: {reason}",
    zh: "{side}  自 {since} 起冻结，{end}：{reason}",
  },
  pays: { en: "  may pay", zh: "  可以支付" },
  receives: { en: "  may receive", zh: "  可以收款" },
  open: { en: "until it is lifted", zh: "直到解除" },
  until: { en: "until {until}", zh: "至 {until}" },
  noWallet: { en: "no wallet yet", zh: "尚未开通钱包" },
  account: {
    en: "  {currency}  available {available}, held {held}, locked {locked}",
    zh: "  {currency}  可用 {available}，预留 {held}，锁定 {locked}",
  },
  claim: { en: "  starter claim {claim}", zh: "  未入账的初始赠送 {claim}" },
  counts: {
    en: "items {items}, active listings {activeListings}, purchases {purchases}, sales {sales}, sessions {sessions}",
    zh: "道具 {items}，在售 {activeListings}，购买 {purchases}，售出 {sales}，会话 {sessions}",
  },
  limit: {
    en: "limit  {currency}  {used} of {maximum} ({window})",
    zh: "限额  {currency}  已用 {used} / {maximum}（{window}）",
  },
} as const satisfies Readonly<Record<string, Message>>;

type Page = ReturnType<typeof toUserPage>;
type Freeze = Page["freezes"]["operator"];

function describePage({ user, wallet, accounts, counts, freezes, limits, ...page }: Page): string {
  const say = (message: Message, facts: Readonly<Record<string, string | number>>) =>
    fillMessage(message, facts)[languageOfCommand()];
  const { userId, platform, displayName } = user;
  return [
    `${userId}  ${platform}  ${displayName ?? "-"}`,
    ...(wallet === null ? [say(WORDS.noWallet, {})] : []),
    ...accounts.map(({ currency, available, held, locked }) =>
      say(WORDS.account, { currency, available, held, locked }),
    ),
    ...(page.starterClaim === "0" ? [] : [say(WORDS.claim, { claim: page.starterClaim })]),
    say(WORDS.counts, { ...counts, sessions: page.sessions.length }),
    describeFreeze("operator", freezes.operator),
    describeFreeze("platform", freezes.platform),
    describeFreeze("audit", freezes.audit),
    ...limits.map(({ currency, used, maximum, window }) =>
      say(WORDS.limit, { currency, used, maximum, window }),
    ),
  ].join("\n");
}

function describeFreeze(side: string, freeze: Freeze): string {
  const language = languageOfCommand();
  const name = side.padEnd(8);
  if (!freeze) return fillMessage(WORDS.none, { side: name })[language];
  const { since, until, reason, debits, credits } = freeze;
  const end = until === null ? WORDS.open : fillMessage(WORDS.until, { until });
  const facts = { side: name, since, end: end[language], reason };
  const open = [debits ? undefined : WORDS.pays, credits ? undefined : WORDS.receives];
  const allowed = open.flatMap((word) => word?.[language] ?? []).join("");
  return `${fillMessage(WORDS.frozen, facts)[language]}${allowed}`;
}
