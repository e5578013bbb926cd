import type { SHELL_TEXTS } from "../frame/shell-texts.ts";

/** The screens of the menu in their order; `key` goes there after `g`. */
export const SCREENS = [
  { text: "overview", to: "/", key: "o" },
  { text: "users", to: "/console/users", key: "u" },
  { text: "market", to: "/console/market", key: "m" },
  { text: "items", to: "/console/items", key: "t" },
  { text: "transfers", to: "/console/transfers", key: "r" },
  { text: "economy", to: "/console/economy", key: "e" },
  { text: "integrity", to: "/console/integrity", key: "i" },
  { text: "repair", to: "/console/repair", key: "d" },
  { text: "platforms", to: "/console/platforms", key: "f" },
  { text: "approvals", to: "/console/approvals", key: "v" },
  { text: "acts", to: "/console/acts", key: "l" },
  { text: "operators", to: "/console/operators", key: "p" },
  { text: "keys", to: "/console/keys", key: "k" },
  { text: "account", to: "/console/account", key: "a" },
] as const satisfies readonly {
  readonly text: keyof typeof SHELL_TEXTS;
  readonly to: string;
  readonly key: string;
}[];
