/** Login in every known spelling, and refusal of all other bodies. */
import { PATHS, proved, type Check } from "./check.ts";
import { expectRefusal, expectSame, expectStatus, expectThat, expectValue } from "./expect.ts";
import { numberAt, stringAt, valueAt } from "./json.ts";
import type { Session, TestUser } from "./session.ts";

const HOUR_MS = 3_600_000;
/** The contract says 7 days; the hour allows for clock skew. */
const LONGEST_LIFETIME_MS = 7 * 24 * HOUR_MS + HOUR_MS;

export const identityChecks: readonly Check[] = [
  {
    id: "login",
    group: "identity",
    source: "APP · T8 3 · PS9",
    title: {
      zh: "登录：顶层与 data 中都有 token",
      en: "Login: the token is at the top level and under data",
    },
    remedy: {
      zh: "生产模式要求平台签名的登录凭证：请设置 NEWDAY_PLATFORM_SECRETS 后运行 newday doctor，由它签名；其他情况请看响应的 message。",
      en: "Production demands a signed assertion: run `newday doctor` with NEWDAY_PLATFORM_SECRETS, which signs; otherwise read the message.",
    },
    async run(session) {
      session.leave("player", await login(session, session.id("player")));
      session.leave("stranger", await login(session, session.id("other")));
      return proved(
        "token 有效期为毫秒时间戳，最长 7 天",
        "the token expires at a time in milliseconds, within 7 days",
      );
    },
  },
  {
    id: "login-bodies",
    group: "identity",
    source: "BAT · PS6 · B6",
    title: { zh: "三种登录请求体都被接受", en: "The three login bodies are all accepted" },
    remedy: {
      zh: "接受 allinoneUserId、userId、playerId 三种写法；缺少名字时默认 Player。",
      en: "Accept allinoneUserId, userId and playerId; a missing name defaults to Player.",
    },
    async run(session) {
      const bodies = [
        { allinoneUserId: session.id("body1"), allinoneUsername: "集成测试" },
        { userId: session.id("body2"), username: "集成测试", platform: session.platform("newday") },
        { playerId: session.id("body3") },
      ];
      for (const body of bodies) {
        const answer = await session.call("POST", PATHS.login, { body });
        expectStatus(answer, 200);
        requireToken(answer.body);
        expectValue(answer, "userId", Object.values(body)[0]);
      }
      return proved(
        "三种请求体均登录成功，userId 原样返回",
        "all three log in and get their own userId back",
      );
    },
  },
  {
    id: "auto-login",
    group: "identity",
    source: "APP 2.1–2.3",
    title: {
      zh: "自动登录：有效 token 原样返回",
      en: "Auto-login: a live token comes back unchanged",
    },
    remedy: {
      zh: "登录请求携带有效 token 且用户一致时，应返回同一个 token 和 autoLogin:true。",
      en: "A login that carries a live token of the same user returns that token and autoLogin:true.",
    },
    async run(session) {
      const { userId, token } = session.take("player");
      const body = { allinoneUserId: userId, allinoneUsername: "集成测试", token };
      const again = await session.call("POST", PATHS.login, { body });
      expectStatus(again, 200);
      expectThat(
        stringAt(again.body, "token") === token && valueAt(again.body, "autoLogin") === true,
        "应返回同一个 token 与 autoLogin:true",
        "the same token and autoLogin:true should come back",
      );
      const verified = await session.call("POST", PATHS.verify, { body: { token } });
      expectStatus(verified, 200);
      expectValue(verified, "valid", true);
      expectValue(verified, "userId", userId);
      return proved(
        "token 复用成功，verify 确认属于该用户",
        "the token is reused, and verify names its user",
      );
    },
  },
  {
    id: "login-refused",
    group: "identity",
    source: "BAT · B6",
    title: {
      zh: "缺少用户 ID 的登录被拒绝并指出字段",
      en: "A login without a user id is refused, naming the field",
    },
    remedy: {
      zh: "应返回 400 MISSING_FIELDS，而不是 500。",
      en: "It should be 400 MISSING_FIELDS, not a 500.",
    },
    async run(session) {
      for (const body of [
        { username: "a", password: "b" },
        { email: "a@b.c", password: "b" },
      ])
        expectRefusal(
          await session.call("POST", PATHS.login, { body }),
          400,
          "MISSING_FIELDS",
          "MISSING_FIELD",
        );
      return proved("两种旧探测均为 400", "both old probes get a 400");
    },
  },
  {
    id: "no-token",
    group: "identity",
    source: "BAT · 14.8",
    title: {
      zh: "无 token：库存、余额、上架为 401，市场列表公开",
      en: "Without a token: inventory, balance and listing 401, the market public",
    },
    remedy: {
      zh: "三个受保护接口必须返回 401 INVALID_TOKEN；GET market/list 必须公开。",
      en: "The three protected calls must answer 401 INVALID_TOKEN; GET market/list must be public.",
    },
    async run(session) {
      expectRefusal(await session.call("GET", PATHS.inventory), 401, "INVALID_TOKEN");
      expectRefusal(await session.call("GET", PATHS.balance), 401, "INVALID_TOKEN");
      const listing = await session.call("POST", PATHS.marketList, { body: {} });
      expectRefusal(listing, 401, "INVALID_TOKEN");
      expectStatus(await session.call("GET", PATHS.marketList), 200);
      return proved("401 × 3，200 × 1", "three times 401, once 200");
    },
  },
  {
    id: "foreign-token",
    group: "identity",
    source: "F3 F6 G22",
    title: {
      zh: "别处的 token、伪造的 token 一律 401",
      en: "Foreign and made-up tokens are refused with 401",
    },
    remedy: {
      zh: "只有本服务器签发的 token 有效；其他任何内容都应得到 401，而不是 500。",
      en: "Only tokens that this server issued count; anything else gets 401, never 500.",
    },
    async run(session) {
      const { userId } = session.take("player");
      const tokens = [
        `local_${userId}_${Date.now()}`,
        `allinone_token_${userId}`,
        `nd_token_${"A".repeat(43)}`,
        JSON.stringify({ token: "x", userId }),
      ];
      for (const token of tokens)
        expectRefusal(await session.call("GET", PATHS.balance, { token }), 401, "INVALID_TOKEN");
      const verified = await session.call("POST", PATHS.verify, { body: { token: tokens[2] } });
      expectRefusal(verified, 401, "INVALID_TOKEN");
      return proved(`${tokens.length} 种都被拒绝`, `all ${tokens.length} kinds are refused`);
    },
  },
];

async function login(session: Session, userId: string): Promise<TestUser> {
  const body = { allinoneUserId: userId, allinoneUsername: "集成测试" };
  const answer = await session.call("POST", PATHS.login, { body });
  expectStatus(answer, 200);
  const token = requireToken(answer.body);
  expectValue(answer, "userId", userId);
  const expiresAt = numberAt(answer.body, "expiresAt") ?? 0;
  expectThat(
    expiresAt > Date.now() && expiresAt < Date.now() + LONGEST_LIFETIME_MS,
    `expiresAt 应为 7 天内的毫秒数，实际为 ${String(valueAt(answer.body, "expiresAt"))}`,
    `expiresAt should be milliseconds within 7 days, it is ${String(valueAt(answer.body, "expiresAt"))}`,
  );
  return { userId, token };
}

function requireToken(body: unknown): string {
  const token = stringAt(body, "token");
  expectThat(
    token !== undefined && /^nd_token_[A-Za-z0-9_-]+$/.test(token),
    "顶层缺少 nd_token_… 形式的 token",
    "no nd_token_… token at the top level",
  );
  expectSame("data.token = token", stringAt(body, "data.token") === token, true);
  return token;
}
