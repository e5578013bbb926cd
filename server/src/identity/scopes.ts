/** The scopes of keys, one word per verb; docs/api.md shows this table. */
export const SCOPES = {
  "wallets:read": "read wallets, accounts, transfers and statements of the platform's users",
  "wallets:write": "open, freeze, close and reopen wallets and accounts of the platform's users",
  "users:erase": "erase users of the platform",
  "users:export": "export everything that New Day holds about a user of the platform",
  "transfers:write": "move money between the platform's users, and give it back",
  mint: "issue and burn currencies that the platform may mint",
  "holds:write": "reserve, capture and void amounts of the platform's users",
  exchange: "exchange currencies for the platform's users",
  "items:read": "read items of the platform's users",
  "items:grant":
    "create items for the platform's users, and define recipes, item types and rarities",
  "items:write": "give, export and return items of the platform's users, and change their fields",
  "limits:write": "set and remove spending limits of the platform and its users",
  "consents:write": "grant and revoke what other platforms may pay from the platform's users",
  "market:read": "read listings and the catalogue",
  "market:write": "list, cancel and buy for the platform's users",
  adjust: "correct balances by hand, with a reason; keys of operators only",
} as const;

/** A platform's key acts for its own users, an operator's as New Day for the users of all platforms. */
export type KeyRole = "platform" | "operator";

export type Scope = keyof typeof SCOPES;

/** Scopes closed to platforms, because they make money of any currency. */
const OPERATOR_SCOPES: ReadonlySet<string> = new Set<Scope>(["adjust"]);

/** The scopes that a key of this role can have. */
export function scopesFor(role: KeyRole): Scope[] {
  const all = Object.keys(SCOPES).filter(isScope);
  return role === "operator" ? all : all.filter((scope) => !OPERATOR_SCOPES.has(scope));
}

export function isScope(value: string): value is Scope {
  return Object.hasOwn(SCOPES, value);
}
