/** `newday market ...`: things of users, by operators. */
import type { Command } from "commander";
import { cancelListingAct } from "../operators/acts/cancel-listing-act.ts";
import { giveBackAct } from "../operators/acts/give-back.ts";
import { actByCommand } from "./act-command.ts";
import { withReason, type PolicyOptions } from "./policy-options.ts";
import { registerItemReads, registerListingReads } from "./thing-reads.ts";
import { helpText } from "./usage/help-text.ts";

export function registerMarket(program: Command): void {
  const market = program.command("market").description(
    helpText({
      en: "find and show items and listings, cancel listings, give back what was confiscated",
      zh: "查找和查看道具与上架，取消上架，归还没收的物品",
    }),
  );
  registerItemReads(market);
  const listing = market
    .command("listing")
    .description(helpText({ en: "listings of users", zh: "用户的上架" }));
  registerListingReads(listing);
  withReason(
    listing.command("cancel <listingId>").description(
      helpText({
        en: "take a listing off the market; the item is back with its seller",
        zh: "取消上架，道具回到卖方手中",
      }),
    ),
  ).action((listingId: string, options: PolicyOptions) =>
    actByCommand(options, cancelListingAct, { listingId, reason: options.reason }),
  );
  const confiscation = market
    .command("confiscation")
    .description(helpText({ en: "what operators hold of users", zh: "运维方保管的用户物品" }));
  withReason(
    confiscation.command("return <id>").description(
      helpText({
        en: "give back what was confiscated, once and as a whole",
        zh: "归还没收的物品，整体且仅一次",
      }),
    ),
  ).action((id: string, options: PolicyOptions) =>
    actByCommand(options, giveBackAct, { id, reason: options.reason }),
  );
}
