import { expect, it } from "vitest";
import { gameModule } from "../../src/game/game-module.ts";
import { itemsModule } from "../../src/items/items-module.ts";
import { ledgerModule } from "../../src/ledger/ledger-module.ts";
import { privacyModule } from "../../src/privacy/privacy-module.ts";
import { marketModule } from "../../src/market/market-module.ts";
import { KIND_OF_TYPE } from "../../src/policy/rules/spending-kinds.ts";

/** Types that move no money out of a user's account. */
const MOVES_NOTHING = new Set([
  "void",
  "expire_hold",
  "use_once",
  "mark_test_user",
  "set_freeze",
  "close_account",
  "reopen_account",
  "set_budget",
  "set_refund_policy",
  "set_limit",
  "remove_limit",
  "grant_consent",
  "revoke_consent",
  "freeze_user",
  "unfreeze_user",
  "item_return",
  "gift_answer",
  "item_transfer",
  "item_grant",
  "erase_items",
  "item_change",
  "item_import",
  "item_use",
  "market_list",
  "market_cancel",
  "stock_create",
  "stock_change",
]);

it("every operation type has a kind for limits, or moves nothing", () => {
  const types = [ledgerModule, itemsModule, marketModule, gameModule, privacyModule].flatMap(
    (one) => one.types,
  );
  const unknown = types
    .map(({ name }) => name)
    .filter((name) => !(name in KIND_OF_TYPE) && !MOVES_NOTHING.has(name));
  expect(unknown).toEqual([]);
});
