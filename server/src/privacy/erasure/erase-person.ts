/**
 * Erases a person: settles or refuses what is open, takes or refuses what they own, and replaces them everywhere
 * by `erased:<random>`. Amounts, times and ids of the books stay.
 *
 * Each step can be repeated: a request that ended in the middle is finished by the same request again.
 */
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { operationOf } from "../../engine/operation-type.ts";
import { requirePosted } from "../../engine/outcome.ts";
import { submitOperation } from "../../engine/submit-operation.ts";
import { NewDayError } from "../../errors/errors.ts";
import type { ActRow } from "../../identity/operator-changes/act-rows.ts";
import { HOME_PLATFORM } from "../../identity/platforms/platform-ids.ts";
import { requireReason } from "../../ledger/policies/policy-command.ts";
import { voidHoldOperation } from "../../ledger/holds/hold-operation.ts";
import type { OwnedWallet } from "../../ledger/wallets/owned-wallet-queries.ts";
import type { PostingServices } from "../../ledger/wallets/posting-services.ts";
import { cancelListingOperation } from "../../market/listings/cancel-listing-operation.ts";
import type { Person } from "../inventory/personal-column.ts";
import { eraseItemsOperation } from "./erase-items-operation.ts";
import { eraseUserOperation } from "./erase-user-operation.ts";
import {
  erasePersonRows,
  findAccountIds,
  findErasedOn,
  findItemIds,
  findNames,
  findOpenAffairs,
  findProperty,
  findWriteHorizon,
  hasPassed,
  type Names,
  type Property,
} from "./erasure-queries.ts";
import { findTransfers } from "./find-transfers.ts";

export interface ErasureWanted {
  /** `settle`: listings are cancelled, holds voided, waiting gifts returned. */
  readonly open: "refuse" | "settle";
  /** `forfeit`: money goes to New Day's fees, items are retired. */
  readonly property: "refuse" | "forfeit";
  /** Stays in the log, and may not name the person. */
  readonly reason: string;
  /** The books' name of the caller. */
  readonly caller: string;
  /** An operator erases a user that operators have frozen, too. */
  readonly byOperator: boolean;
  /** The operator's act, logged in the posting that begins the erasure; the last step clears its texts. */
  readonly act?: ActRow;
}

/** What stands against an erasure. */
export type ErasureBlocker =
  | "holds"
  | "listings"
  | "gifts"
  | "items"
  | "balances"
  | "debts"
  | "frozen_by_operator";

export interface ErasurePlan {
  readonly blockers: readonly ErasureBlocker[];
  readonly property: Property;
}

/** What an erasure would meet, and changes nothing. Errors: `invalid_field` for a reason that names the person. */
export async function planErasure(
  { db }: PostingServices,
  { userId, number: wallet }: OwnedWallet,
  wanted: ErasureWanted,
): Promise<ErasurePlan> {
  const person = { userId, wallet };
  requireReason(wanted.reason);
  refuseNames(wanted.reason, await findNames(db, userId));
  const property = await findProperty(db, person);
  return { blockers: property.erasedAs === null ? blockersOf(property, wanted) : [], property };
}

/** Returns the day of the erasure, UTC. Errors: `erasure_blocked`, those of `planErasure` and of the engine. */
export async function erasePerson(
  services: PostingServices,
  wallet: OwnedWallet,
  wanted: ErasureWanted,
): Promise<string> {
  const { db } = services;
  const { userId, number } = wallet;
  const person = { userId, wallet: number };
  const { blockers, property } = await planErasure(services, wallet, wanted);
  requireUnblocked(blockers);
  const { caller } = wanted;
  if (property.erasedAs === null) await settle(services, person, caller);
  const erasedAs = property.erasedAs ?? (await begin(services, wallet, wanted));
  await passOnItems(services, person, { erasedAs, caller });
  await waitForWriters(services);
  // Batches of other processes that were checked before the beginning may have been posted meanwhile.
  await settle(services, person, caller);
  await takeRest(services, wallet, { ...wanted, erasedAs });
  await passOnItems(services, person, { erasedAs, caller });
  const foundUpTo = await findTransfers(db, person);
  await erasePersonRows(db, { wallet: number, platform: wallet.platform, foundUpTo });
  services.directory.evictWallet(number);
  const erased = await findErasedOn(db, userId);
  if (!erased) throw new Error(`wallet ${number} is not marked as erased`);
  return erased.day;
}

/** Errors: `erasure_blocked`. */
export function requireUnblocked(blockers: readonly ErasureBlocker[]): void {
  if (blockers.length === 0) return;
  const rule = { en: `has ${blockers.join(", ")}`, zh: `仍有：${blockers.join("、")}` };
  throw new NewDayError("erasure_blocked", { field: "userId", blockers, rule });
}

function blockersOf(property: Property, wanted: ErasureWanted): ErasureBlocker[] {
  const { holds, listings, gifts, items, balances, frozenByOperator } = property;
  const amounts = Object.values(balances).map(BigInt);
  const refusesOpen = wanted.open === "refuse";
  const refusesProperty = wanted.property === "refuse";
  const all: readonly (readonly [ErasureBlocker, boolean])[] = [
    ["frozen_by_operator", frozenByOperator && !wanted.byOperator],
    ["debts", amounts.some((amount) => amount < 0n)],
    ["holds", refusesOpen && holds > 0n],
    ["listings", refusesOpen && listings > 0n],
    ["gifts", refusesOpen && gifts > 0n],
    ["items", refusesProperty && items > 0n],
    ["balances", refusesProperty && amounts.some((amount) => amount > 0n)],
  ];
  return all.filter(([, stands]) => stands).map(([blocker]) => blocker);
}

/** Shorter display names are words of other reasons, such as `Case`. */
const DISPLAY_NAME_LENGTH_MIN = 6;
/** Shorter ids are numbers of cases. */
const ID_LENGTH_MIN = 3;
/** What an id consists of: another character ends it. */
const ID_PART = /[a-z0-9._@+~=|:-]/;

function refuseNames(reason: string, { ids, displayName }: Names): void {
  const said = reason.trim().toLowerCase();
  const name = displayName?.trim().toLowerCase() ?? "";
  const isNamed = said === name || (name.length >= DISPLAY_NAME_LENGTH_MIN && isWordOf(said, name));
  const isIdentified = ids.some((id) => {
    const known = id.toLowerCase();
    return said === known || (known.length >= ID_LENGTH_MIN && isWordOf(said, known));
  });
  if (!isNamed && !isIdentified) return;
  throw new NewDayError("invalid_field", {
    field: "reason",
    rule: {
      en: "names the person, and stays in the log: give a case number",
      zh: "包含该用户的名称，而原因会保留在日志中：请填写工单号",
    },
  });
}

/** Whether a word stands in a text by itself; a full stop or colon that ends a sentence is no part of it. */
function isWordOf(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    const behind = text.slice(at + word.length).replace(/^[.:]+(?=\s|$)/, "");
    if (!ID_PART.test(text.charAt(at - 1)) && !ID_PART.test(behind.charAt(0))) return true;
  }
  return false;
}

/** A hold or listing that ended meanwhile is no fault. */
async function settle(
  { db, engine }: PostingServices,
  person: Person,
  caller: string,
): Promise<void> {
  const { holds, listings } = await findOpenAffairs(db, person);
  const cancelled = listings.map(({ listingId, itemId }) => {
    const payload = { listingId, itemId, sellerId: person.userId, reason: "removed" } as const;
    return operationOf(cancelListingOperation, payload, { caller });
  });
  const voided = holds.map((holdId) => operationOf(voidHoldOperation, { holdId }, { caller }));
  if (cancelled.length > 0) await engine.submitMany(cancelled, "independent");
  if (voided.length > 0) await engine.submitMany(voided, "independent");
}

type Begun = ErasureWanted & { readonly erasedAs: string };

/** The name that replaces the person: that of another request, should it have been first. */
async function begin(
  services: PostingServices,
  wallet: OwnedWallet,
  wanted: ErasureWanted,
): Promise<string> {
  const erasedAs = `erased:${randomBytes(16).toString("hex")}`;
  const { outcome } = await submitBeginning(services, wallet, { ...wanted, erasedAs });
  if (outcome.status === "refused" && outcome.code === "user_erased") {
    const known = await findProperty(services.db, { userId: wallet.userId, wallet: wallet.number });
    if (known.erasedAs !== null) return known.erasedAs;
  }
  requirePosted(outcome);
  return erasedAs;
}

async function submitBeginning(
  { db, engine, directory }: PostingServices,
  { userId, number: wallet }: OwnedWallet,
  { erasedAs, reason, property, caller, byOperator, act }: Begun,
) {
  const payload = {
    wallet,
    userId,
    erasedAs,
    reason,
    accounts: await findAccountIds(db, wallet),
    forfeits: property === "forfeit",
    fees: await directory.systemWallet(HOME_PLATFORM, "fees"),
    overrides: [
      "erasure" as const,
      "platform" as const,
      ...(byOperator ? (["operator", "audit"] as const) : []),
    ],
    act: act ?? null,
  };
  return submitOperation(engine, operationOf(eraseUserOperation, payload, { caller }));
}

/** Money that came in between the plan and the beginning is taken, too. */
async function takeRest(
  services: PostingServices,
  wallet: OwnedWallet,
  begun: Begun,
): Promise<void> {
  const { balances } = await findProperty(services.db, {
    userId: wallet.userId,
    wallet: wallet.number,
  });
  if (Object.keys(balances).length === 0) return;
  const { act: _, ...unlogged } = begun;
  const rest = { ...unlogged, property: "forfeit" as const };
  requirePosted((await submitBeginning(services, wallet, rest)).outcome);
}

/** A batch of the engine takes so many without delaying others noticeably. */
const ITEMS_AT_ONCE = 200;

async function passOnItems(
  { db, engine }: PostingServices,
  { userId }: Person,
  { erasedAs, caller }: { readonly erasedAs: string; readonly caller: string },
): Promise<void> {
  for (;;) {
    const itemIds = await findItemIds(db, userId, ITEMS_AT_ONCE);
    if (itemIds.length === 0) return;
    const payload = { userId, erasedAs, itemIds };
    requirePosted(await engine.submit(operationOf(eraseItemsOperation, payload, { caller })));
  }
}

const WAIT_MS = 50;
const WAITS_MAX = 200;

/** Waits for every transaction that was writing when the erasure had begun. Errors: `database_busy`. */
async function waitForWriters({ db }: PostingServices): Promise<void> {
  const horizon = await findWriteHorizon(db);
  for (let waits = 0; !(await hasPassed(db, horizon)); waits += 1) {
    if (waits === WAITS_MAX) throw new NewDayError("database_busy");
    await sleep(WAIT_MS);
  }
}
