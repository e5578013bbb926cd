/** `newday market item find | show` and `newday market listing find | show`: what the operators' API answers. */
import { Option, type Command } from "commander";
import { toItemPage, toListingPage } from "../http/admin/app/thing-replies.ts";
import { toItem, toItemEvent } from "../http/v1/replies/item-reply.ts";
import { toListing } from "../http/v1/replies/listing-reply.ts";
import { toPurchaseRecord } from "../http/v1/replies/purchase-reply.ts";
import { listItemEvents } from "../items/items/item-page-queries.ts";
import { ITEM_STATES, type ItemState } from "../items/items/item-rows.ts";
import { LISTING_STATUSES, type ListingStatus } from "../market/listings/listing-rows.ts";
import { listPurchasesOfListing } from "../market/purchases/purchase-queries.ts";
import { requireSearchText } from "../operators/search/search-text.ts";
import { readItemPage } from "../operators/things/item-page.ts";
import { readListingPage } from "../operators/things/listing-page.ts";
import { searchItems, searchItemsOfUser } from "../operators/things/search-items.ts";
import { listNewestListings, searchAnyListings } from "../operators/things/search-listings.ts";
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

interface FindItemOptions extends ListOptions {
  readonly user?: string;
  readonly state?: ItemState;
}

interface FindListingOptions extends ListOptions {
  readonly seller?: string;
  readonly status?: ListingStatus;
}

const HISTORY_SHOWN = 200;

export function registerItemReads(market: Command): void {
  const item = market
    .command("item")
    .description(helpText({ en: "items of users", zh: "用户的道具" }));
  item
    .command("find <text>")
    .description(
      helpText({
        en: "items with this part in their name, or with this whole id; whole ids come first",
        zh: "名称含有该文本或 ID 与其完全相同的道具；完全相同的 ID 排在最前",
      }),
    )
    .option(
      "--user <userId>",
      helpText({ en: "of this user, newest first", zh: "仅此用户，最新在前" }),
    )
    .addOption(
      new Option("--state <state>", helpText({ en: "of one state", zh: "仅一种状态" })).choices(
        ITEM_STATES,
      ),
    )
    .addOption(limitOption())
    .option(...jsonOption("array"))
    .addHelpText(
      "after",
      examples("newday market item find sword", "newday market item find sword --user ada --json"),
    )
    .action(findItems);
  item
    .command("show <itemId>")
    .description(
      helpText({
        en: "an item with its owner and its history",
        zh: "道具及其所有者与历史",
      }),
    )
    .option(...jsonOption("object"))
    .addHelpText("after", examples("newday market item show inv-0198c0de --json"))
    .action(showItem);
}

function findItems(text: string, { json, limit, user, state }: FindItemOptions): Promise<void> {
  return withModel(async (db) => {
    const part = await requireSearchText(db, text);
    const page = { part, state, after: undefined, limit };
    const { items } = await (user === undefined
      ? searchItems(db, page)
      : searchItemsOfUser(db, user, page));
    const shown = items.map(toItem);
    const lines = shown.map(
      ({ id, name, quantity, state: is, userId }) =>
        `${id}  ${name} x${quantity}  ${is}  ${userId}`,
    );
    printRows(json ? shown : undefined, lines);
  });
}

function showItem(id: string, { json }: { json?: true }): Promise<void> {
  return withModel(async (db) => {
    const page = toItemPage(await readItemPage(db, id));
    const events = await listItemEvents(db, id, { before: null, limit: HISTORY_SHOWN });
    const history = events.map((event) => toItemEvent(event, { showsOwner: true }));
    const { name, quantity, state, userId } = page.item;
    const lines = history.map(
      ({ recordedAt, action, state: is, userId: owner, quantity: count }) =>
        `${recordedAt}  ${action}  ${is} x${count}  ${owner ?? "-"}`,
    );
    const text = [`${id}  ${name} x${quantity}  ${state}  ${userId}`, ...lines].join("\n");
    printLine(json ? JSON.stringify({ ...page, history }) : text);
  });
}

export function registerListingReads(listing: Command): void {
  listing
    .command("find [text]")
    .description(
      helpText({
        en: "listings whose item has this part in its name, or with this whole id; without a text the newest",
        zh: "道具名称含有该文本或 ID 与其完全相同的上架；不填文本则列出最新的",
      }),
    )
    .option(
      "--seller <userId>",
      helpText({ en: "of this seller, newest first", zh: "仅此卖方，最新在前" }),
    )
    .addOption(
      new Option("--status <status>", helpText({ en: "of one status", zh: "仅一种状态" })).choices(
        LISTING_STATUSES,
      ),
    )
    .addOption(limitOption())
    .option(...jsonOption("array"))
    .addHelpText(
      "after",
      examples(
        "newday market listing find sword --status sold",
        "newday market listing find --seller ada --json",
      ),
    )
    .action(findListings);
  listing
    .command("show <listingId>")
    .description(
      helpText({ en: "a listing with its seller and its buyers", zh: "上架及其卖方与买家" }),
    )
    .option(...jsonOption("object"))
    .addHelpText("after", examples("newday market listing show lst-0198c0de --json"))
    .action(showListing);
}

function findListings(
  text: string | undefined,
  { json, limit, seller: sellerId, status }: FindListingOptions,
): Promise<void> {
  return withModel(async (db) => {
    const part = text === undefined ? undefined : await requireSearchText(db, text);
    const page = { status, after: undefined, limit };
    const { listings } = await (part === undefined || sellerId !== undefined
      ? listNewestListings(db, { ...page, part, sellerId })
      : searchAnyListings(db, { ...page, part }));
    const shown = listings.map((offer) => toListing(offer));
    const lines = shown.map(
      ({ id, name, status: is, sellerId: of, prices }) =>
        `${id}  ${name}  ${is}  ${of ?? "-"}  ${JSON.stringify(prices)}`,
    );
    printRows(json ? shown : undefined, lines);
  });
}

function showListing(id: string, { json }: { json?: true }): Promise<void> {
  return withModel(async (db) => {
    const found = await readListingPage(db, id);
    const page = toListingPage(found);
    const wanted = { after: undefined, limit: HISTORY_SHOWN };
    const { purchases } = await listPurchasesOfListing(db, found.listing, wanted);
    const records = purchases.map(toPurchaseRecord);
    const { name, status, sellerId, prices } = page.listing;
    const lines = records.map(
      ({ recordedAt, buyerId, quantity, total, currency, transferId }) =>
        `${recordedAt}  ${buyerId}  x${quantity}  ${total} ${currency}  ${transferId ?? "-"}`,
    );
    const first = `${id}  ${name}  ${status}  ${sellerId ?? "-"}  ${JSON.stringify(prices)}`;
    printLine(
      json ? JSON.stringify({ ...page, purchases: records }) : [first, ...lines].join("\n"),
    );
  });
}
