/** The calls of the partner's page on paper, one after the other, against the old server or ours. */
import { withBrowserRules } from "../../../integration/checks/browser-rules.ts";
import { summaryLine } from "../../../integration/checks/report-text.ts";
import { runChecks } from "../../../integration/checks/run-checks.ts";
import { fetchTransport } from "../../../integration/checks/transport.ts";
import type { Message } from "../../src/lib/messages.ts";

export type PartnerCallId =
  | "market"
  | "wallet"
  | "login"
  | "balance"
  | "inventory"
  | "list"
  | "buy"
  | "export";

export interface PartnerCall {
  readonly id: PartnerCallId;
  readonly title: Message;
  readonly works: boolean;
  /** The status, and for a refusal its code and the step of the runbook that opens the call. */
  readonly status: number;
  readonly code: string;
  readonly step: Message;
  /** The broken rule with its numbers, where the refusal names one. */
  readonly rule: Message;
}

interface Reply {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

const TITLES: Readonly<Record<PartnerCallId, Message>> = {
  market: { en: "market, without a login", zh: "市场（未登录）" },
  wallet: { en: "wallet of an external user", zh: "外部用户的钱包" },
  login: { en: "log in", zh: "登录" },
  balance: { en: "balance", zh: "余额" },
  inventory: { en: "inventory", zh: "库存" },
  list: { en: "market of the partner", zh: "合作方市场" },
  buy: { en: "buy the first item", zh: "购买首个道具" },
  export: { en: "export an item", zh: "转出道具" },
};

/** An id that no login has turned into a player. */
const EXTERNAL_USER = "allinone-prod-test-123";
/** The user who logs in, as on the page. */
export const LOGIN = { allinoneUserId: "test-user-123", allinoneUsername: "TestUser" };
/** As the page: an answer that takes longer counts as none. */
const TIMEOUT_MS = 10_000;
/** More purchases than any cap of the story permits. */
const PURCHASES_MAX = 100;
const PATHS = {
  login: "/api/allinone/auth/login",
  balance: "/api/allinone/wallet/balance",
  market: "/api/allinone/market/list",
  purchase: "/api/allinone/market/purchase",
} as const;

/** Plays the eight calls; a call that needs an earlier one's answer is made without it. */
export async function playPartner(base: string): Promise<PartnerCall[]> {
  const calls: PartnerCall[] = [];
  let token = "";
  const call = async (id: PartnerCallId, path: string, body?: object): Promise<Reply> => {
    const reply = await send(base + path, token, body);
    calls.push({ id, title: TITLES[id], works: reply.status === 200, ...refusalOf(reply) });
    return reply;
  };
  await call("market", "/api/shared/marketplace?gameSource=New%20Day");
  await call("wallet", `/api/shared/wallet/${EXTERNAL_USER}`);
  token = tokenOf(await call("login", PATHS.login, LOGIN));
  await call("balance", PATHS.balance);
  await call("inventory", "/api/allinone/inventory");
  const list = await call("list", PATHS.market);
  await call("buy", PATHS.purchase, purchaseOf(list));
  const mine = await send(`${base}/api/allinone/inventory`, token);
  const moved = { itemId: firstId(mine), targetPlatform: "allinone", quantity: 1 };
  await call("export", "/api/allinone/market/transfer", moved);
  return calls;
}

export interface Purchases {
  readonly token: string;
  readonly bought: number;
  /** The refusal that ended them, or the last purchase. */
  readonly last: PartnerCall;
}

/** Logs in once more and buys the first item until a purchase is refused. */
export async function buyUntilRefused(base: string): Promise<Purchases> {
  const token = tokenOf(await send(base + PATHS.login, "", LOGIN));
  const purchase = purchaseOf(await send(base + PATHS.market, token));
  for (let bought = 0; ; bought++) {
    const reply = await send(base + PATHS.purchase, token, purchase);
    const works = reply.status === 200;
    const last = { id: "buy", title: TITLES.buy, works, ...refusalOf(reply) } as const;
    if (!works || bought === PURCHASES_MAX) return { token, bought, last };
  }
}

/** The status that a token's holder gets for the balance. */
export async function statusOfBalance(base: string, token: string): Promise<number> {
  return (await send(base + PATHS.balance, token)).status;
}

/** The checks behind the page's button, as one line. */
export async function countPageChecks(base: string): Promise<Message> {
  const own = fetchTransport(fetch);
  const report = await runChecks({ base, own, fromDisk: withBrowserRules(own, "null") });
  return { en: summaryLine(report, "en"), zh: summaryLine(report, "zh") };
}

async function send(url: string, token: string, body?: object): Promise<Reply> {
  const response = await fetch(url, {
    method: body === undefined ? "GET" : "POST",
    headers: {
      "content-type": "application/json",
      ...(token === "" ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  return { status: response.status, body: (await response.json()) as Reply["body"] };
}

function refusalOf({
  status,
  body,
}: Reply): Pick<PartnerCall, "status" | "code" | "step" | "rule"> {
  const code = text(body["errorCode"] ?? (status === 200 ? "" : body["error"]));
  const detail = (body["errorDetail"] ?? {}) as Readonly<Record<string, unknown>>;
  return {
    status,
    code,
    step: { en: text(detail["remedy"]), zh: text(detail["remedyZh"]) },
    rule: { en: text(detail["rule"]), zh: text(detail["ruleZh"]) },
  };
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function tokenOf({ body }: Reply): string {
  return (body["data"] as { token?: string } | undefined)?.token ?? "";
}

function purchaseOf(list: Reply): object {
  return { itemId: firstId(list), currencyType: "gameCoins", quantity: 1 };
}

function firstId({ body }: Reply): string {
  const items = body["items"] as readonly { id: string }[] | undefined;
  return items?.[0]?.id ?? "none";
}
