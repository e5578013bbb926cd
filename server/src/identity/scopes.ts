/** What a platform key may be allowed to do, one word per verb; docs/api.md shows this table. */
export const SCOPES = {
  "wallets:read": "read wallets, accounts, transfers and statements of the platform's users",
  "wallets:write": "open, freeze, close and reopen wallets and accounts of the platform's users",
  "transfers:write": "move money between the platform's users, and give it back",
  mint: "issue and burn currencies that the platform may mint",
  "holds:write": "reserve, capture and void amounts of the platform's users",
  exchange: "exchange currencies for the platform's users",
  "items:read": "read items of the platform's users",
  "items:grant": "create items for the platform's users",
  "items:write": "give, export and return items of the platform's users",
  "market:read": "read listings and the catalogue",
  "market:write": "list, cancel and buy for the platform's users",
} as const;

export type Scope = keyof typeof SCOPES;

export function isScope(value: string): value is Scope {
  return Object.hasOwn(SCOPES, value);
}
