/** The form of a platform's values, for every surface that changes one. Errors: `invalid_field`. */
import { NewDayError } from "../../errors/errors.ts";
import type { Message } from "../../lib/messages.ts";
import { isLoopbackHost } from "../../lib/loopback.ts";
import { requireUsableKeys } from "./jwks.ts";
import type { PlatformWanted } from "./platform-queries.ts";
import { isPrivateUrl, type AllowedNetworks } from "./public-fetch.ts";

const NAME = /^[a-z][a-z0-9-]{0,31}$/;
/** Words of ids, accounts and callers of New Day itself, and of addresses. */
const RESERVED_NAMES: ReadonlySet<string> = new Set(
  "system erased admin root official mint fees escrow adjustments adoption exchange null undefined anonymous http https urn mailto did user unverified operator operator-key platform account".split(
    " ",
  ),
);
const ORIGINS_MAX = 50;
const ORIGIN_LENGTH_MAX = 200;
const URL_LENGTH_MAX = 500;
/** As the amounts of the older surfaces: exact as JSON numbers. */
const AMOUNT_MAX = 9_007_199_254_740_991n;
/** HS256 wants at least as many secret bits as its digest has (RFC 7518, 3.2). */
const SECRET_LENGTH_MIN = 32;
const SECRET_LENGTH_MAX = 512;

export function requirePlatformName(name: string): void {
  requirePlatformForm(NAME.test(name), "name", {
    en: "has 1 to 32 of a-z, 0-9 and -, a letter first",
    zh: "由 1 到 32 个 a-z、0-9 和 - 组成，以字母开头",
  });
  requirePlatformForm(!RESERVED_NAMES.has(name), "name", {
    en: "is reserved",
    zh: "是保留名称",
  });
}

/** Checks everything but the name. */
export function requirePlatformValues(platform: PlatformWanted): void {
  requireOrigins(platform.origins);
  if (platform.jwks !== null) requireUsableKeys(platform.jwks);
  if (platform.jwksUrl !== null) requireKeysUrl(platform.jwksUrl);
  requirePlatformForm(platform.jwks === null || platform.jwksUrl === null, "jwks-url", {
    en: "is left out where keys are given inline",
    zh: "已直接给出密钥时不能再给地址",
  });
  const hasKeys = platform.jwks !== null || platform.jwksUrl !== null;
  requirePlatformForm(platform.loginPolicy !== "jwks" || hasKeys, "login", {
    en: "jwks needs the platform's public keys: --jwks-file or --jwks-url",
    zh: "jwks 需要平台的公钥：--jwks-file 或 --jwks-url",
  });
  requireAmount(platform.starterGrant, "starter-grant");
  requireAmount(platform.starterBudgetPerDay, "starter-budget");
  requireAmount(platform.compatibilityCap, "compatibility-cap");
}

/** Errors: `invalid_field` about `secret`, which is never part of the answer. */
export function requireSecretForm(secret: string): void {
  requirePlatformForm(
    secret.length >= SECRET_LENGTH_MIN &&
      secret.length <= SECRET_LENGTH_MAX &&
      secret === secret.trim(),
    "secret",
    {
      en: `has ${SECRET_LENGTH_MIN} to ${SECRET_LENGTH_MAX} characters and no blanks around it`,
      zh: `须有 ${SECRET_LENGTH_MIN} 到 ${SECRET_LENGTH_MAX} 个字符，首尾不能有空格`,
    },
  );
}

/** As browsers send them, because they are compared letter by letter. */
function requireOrigins(origins: readonly string[]): void {
  const isOrigin = (origin: string) =>
    origin.length <= ORIGIN_LENGTH_MAX &&
    /^https?:/.test(origin) &&
    URL.canParse(origin) &&
    new URL(origin).origin === origin &&
    (origin.startsWith("https:") || isLoopbackHost(new URL(origin).hostname));
  requirePlatformForm(origins.length <= ORIGINS_MAX && origins.every(isOrigin), "origins", {
    en: `holds at most ${ORIGINS_MAX} origins such as https://partner.example, in lower case, without path and default port; http only for this machine, such as http://localhost:5173`,
    zh: `最多 ${ORIGINS_MAX} 个形如 https://partner.example 的来源，小写，不带路径与默认端口；仅本机可用 http，如 http://localhost:5173`,
  });
}

/** Errors: `invalid_field` for an address that no server would read. Where a name leads is judged at each fetch. */
export function requirePublicUrl(url: string, allowed: AllowedNetworks): void {
  requirePlatformForm(
    !isPrivateUrl(url, allowed),
    "jwks-url",
    {
      en: "is an https address of the public internet",
      zh: "须为公网的 https 地址",
    },
    {
      en: "Publish the keys there, or allow the network with NEWDAY_JWKS_NETWORKS.",
      zh: "请在公网地址公布公钥，或用 NEWDAY_JWKS_NETWORKS 允许该网段",
    },
  );
}

function requireKeysUrl(url: string): void {
  const parsed = url.length <= URL_LENGTH_MAX && URL.canParse(url) ? new URL(url) : undefined;
  const isPlain = parsed && parsed.username === "" && parsed.password === "" && parsed.hash === "";
  requirePlatformForm(Boolean(isPlain && /^https?:$/.test(parsed.protocol)), "jwks-url", {
    en: "is an https address without user, password and fragment",
    zh: "须为 https 地址，不含用户名、密码和片段",
  });
}

function requireAmount(amount: bigint | null, field: string): void {
  requirePlatformForm(amount === null || (amount >= 0n && amount <= AMOUNT_MAX), field, {
    en: `is a number of minor units from 0 to ${AMOUNT_MAX}`,
    zh: `须为 0 到 ${AMOUNT_MAX} 之间的最小单位数量`,
  });
}

/**
 * Without a bound the coins of a grant grow with the users that a platform invents, so an operator types
 * `unlimited` with it. Errors: `invalid_field` about `starter-budget`.
 */
export function requireStarterBudget(
  given: Partial<Pick<PlatformWanted, "starterGrant" | "starterBudgetPerDay">>,
  known: bigint | null,
): void {
  const isBounded = given.starterBudgetPerDay !== undefined || known !== null;
  requirePlatformForm(
    isBounded || (given.starterGrant ?? 0n) === 0n,
    "starter-budget",
    {
      en: "is required with a starter grant: the coins a UTC day that pay it",
      zh: "设置起始游戏币时不能为空：每个 UTC 日用于发放的游戏币",
    },
    {
      en: "Send --starter-budget UNITS, or --starter-budget unlimited.",
      zh: "请加 --starter-budget 数量，或 --starter-budget unlimited",
    },
  );
}

export function requirePlatformForm(
  holds: boolean,
  field: string,
  rule: Message,
  remedy?: Message,
): asserts holds {
  if (!holds) throw new NewDayError("invalid_field", { field, rule, ...(remedy && { remedy }) });
}
