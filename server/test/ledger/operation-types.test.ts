/** What the compiler refuses about operations. Each `@ts-expect-error` fails `npm run types` if it is let through. */
import { describe, expect, it } from "vitest";
import { defineOperationType, operationOf } from "../../src/engine/operation-type.ts";
import { createRegistry } from "../../src/engine/registry.ts";
import type { Leg, OutcomesOf, Refusal } from "../../src/engine/operation.ts";
import { moveGameMoney, type GameMovement } from "../../src/game/rewards/game-money.ts";
import type { NothingElse, WithOnly } from "../../src/lib/nothing-else.ts";
import {
  exportItem,
  giveItem,
  returnItem,
  type ExportedItem,
  type GivenItem,
} from "../../src/items/gifts/move-item.ts";
import type { ReturnItemPayload } from "../../src/items/gifts/return-item-operation.ts";
import { importItem, type ImportRequest } from "../../src/items/imports/import-item.ts";
import { grantItem, prepareGrant, type Grant } from "../../src/items/items/grant-item.ts";
import { craftItem, type Craft } from "../../src/items/recipes/craft-item.ts";
import { useItem, type UseRequest } from "../../src/items/use/use-item.ts";
import type {
  AccountPayload,
  SetFreezePayload,
} from "../../src/ledger/account-state/account-state-operation.ts";
import {
  closeAccount,
  freezeAccount,
  reopenAccount,
} from "../../src/ledger/account-state/set-account-state.ts";
import {
  exchangeMoney,
  quoteExchange,
  type Exchange,
} from "../../src/ledger/exchange/exchange-money.ts";
import { captureHold, holdMoney, voidHold } from "../../src/ledger/holds/hold-money.ts";
import {
  holdOperation,
  type CapturePayload,
  type EndHoldPayload,
  type HoldPayload,
} from "../../src/ledger/holds/hold-operation.ts";
import { adjustBalance } from "../../src/ledger/transfers/adjust-balance.ts";
import type { AdjustmentPayload } from "../../src/ledger/transfers/adjustment-operation.ts";
import { mintMoney, prepareMinting, type Minting } from "../../src/ledger/transfers/mint-money.ts";
import { postLegsOperation } from "../../src/ledger/transfers/post-legs-operation.ts";
import { refundTransfer, type Refund } from "../../src/ledger/transfers/refund-transfer.ts";
import { transferLegs } from "../../src/ledger/transfers/transfer-legs.ts";
import {
  prepareTransfer,
  transferMoney,
  transferUpTo,
} from "../../src/ledger/transfers/transfer-money.ts";
import {
  transferOperation,
  type TransferPayload,
} from "../../src/ledger/transfers/transfer-operation.ts";
import type { TransferUpToPayload } from "../../src/ledger/transfers/transfer-up-to-operation.ts";
import type { PostingServices } from "../../src/ledger/wallets/posting-services.ts";
import { cancelListing } from "../../src/market/listings/cancel-listing.ts";
import type { CancelListingPayload } from "../../src/market/listings/cancel-listing-operation.ts";
import { listItem, type NewListing } from "../../src/market/listings/list-item.ts";
import { buyItem, type PurchaseRequest } from "../../src/market/purchases/buy-item.ts";
import { ledgerModule } from "../../src/ledger/ledger-module.ts";

const TERMS = { caller: "test" };
const PAYLOAD = { from: 1n, to: 2n, amount: 3n };

describe("an operation", () => {
  it("is made of a registered operation type", () => {
    const registry = createRegistry(ledgerModule);
    expect(() => registry.requireType(transferOperation)).not.toThrow();
    expect(() => registry.requireType({ ...transferOperation })).toThrow(
      "transfer is not registered",
    );
    expect(() => createRegistry(ledgerModule, ledgerModule)).toThrow("registered twice");
  });

  it("has the payload of its type, complete and without anything else", () => {
    const misspelt = { from: 1n, to: 2n, amout: 3n };
    // @ts-expect-error `amout` is not `amount`.
    operationOf(transferOperation, misspelt, TERMS);
    const legs = [1n, 2n].map((account) => ({ account, amount: account, unread: "for lunch" }));
    // @ts-expect-error a leg has no `unread`.
    operationOf(postLegsOperation, { legs }, TERMS);
    const more = { ...PAYLOAD, unread: "for lunch" };
    // @ts-expect-error nothing would read the member.
    operationOf(transferOperation, more, TERMS);
    // @ts-expect-error an operation type is a value, not a name.
    operationOf("tranfser", PAYLOAD, TERMS);
    expect(operationOf(transferOperation, PAYLOAD, TERMS).type).toBe(transferOperation);
  });

  it("has terms that are stored or checked, and no others", () => {
    const dropped = { ...TERMS, unread: "for lunch" };
    // @ts-expect-error nothing would store the member.
    operationOf(transferOperation, PAYLOAD, dropped);
    const more = { ...TERMS, reference: "order-42", metadata: { lunch: true } };
    expect(operationOf(transferOperation, PAYLOAD, more)).toMatchObject({ terms: more });
  });

  it("is refused with a rule in both languages, or with none", () => {
    const en = "must not be zero";
    // @ts-expect-error the rule has no Chinese.
    const english: Refusal = { refuse: "invalid_amount", details: { rule: { en } } };
    const both: Refusal = { refuse: "invalid_amount", details: { rule: { en, zh: "不能为零" } } };
    expect(both.details).not.toEqual(english.details);
  });

  it("gives its type's result to the reader of the outcome", () => {
    const held = operationOf(
      holdOperation,
      { account: 1n, amount: 1n, to: null, expiresAt: null },
      TERMS,
    );
    type Held = OutcomesOf<readonly [typeof held]>[0];
    const holdIdOf = (outcome: Held) => outcome.status === "posted" && outcome.result.holdId;
    // @ts-expect-error a hold's result has no such member.
    const itemIdOf = (outcome: Held) => outcome.status === "posted" && outcome.result.itemId;
    const outcome: Held = {
      status: "posted",
      transferId: "h",
      recordedAt: new Date(),
      replayed: false,
      movements: [],
      result: { holdId: "h" },
      related: null,
    };
    expect([holdIdOf(outcome), itemIdOf(outcome)]).toEqual(["h", undefined]);
  });
});

type Unread = { readonly unread: string };

/** Its calls are compiled only, so that none needs a database. */
const refusedCommands = (services: PostingServices, more: <Payload>() => Payload & Unread) => [
  // @ts-expect-error nothing would read the member; the same holds for every command below.
  transferMoney(services, more<TransferPayload>(), TERMS),
  // @ts-expect-error
  transferUpTo(services, more<TransferUpToPayload>(), TERMS),
  // @ts-expect-error
  transferLegs(services, [more<Leg>()], TERMS),
  // @ts-expect-error
  mintMoney(services, more<Minting>(), TERMS),
  // @ts-expect-error
  prepareMinting(services, more<Minting>(), TERMS),
  // @ts-expect-error
  adjustBalance(services, more<Omit<AdjustmentPayload, "adjustments">>(), TERMS),
  // @ts-expect-error
  refundTransfer(services, more<Refund>(), TERMS),
  // @ts-expect-error
  exchangeMoney(services, more<Exchange>(), TERMS),
  // @ts-expect-error
  quoteExchange(services, more<Pick<Exchange, "source" | "target" | "amount">>()),
  // @ts-expect-error
  holdMoney(services, more<HoldPayload>(), TERMS),
  // @ts-expect-error
  captureHold(services, more<CapturePayload>(), TERMS),
  // @ts-expect-error
  voidHold(services, more<EndHoldPayload>(), TERMS),
  // @ts-expect-error
  freezeAccount(services, more<SetFreezePayload>(), TERMS),
  // @ts-expect-error
  closeAccount(services, more<AccountPayload>(), TERMS),
  // @ts-expect-error
  reopenAccount(services, more<AccountPayload>(), TERMS),
  // @ts-expect-error
  buyItem(services, more<PurchaseRequest>(), TERMS),
  // @ts-expect-error
  listItem(services, async () => more<NewListing>(), TERMS),
  // @ts-expect-error
  cancelListing(services, more<Omit<CancelListingPayload, "reason">>(), TERMS),
  // @ts-expect-error
  craftItem(services, more<Craft>(), TERMS),
  // @ts-expect-error
  giveItem(services, async () => more<GivenItem>(), TERMS),
  // @ts-expect-error
  exportItem(services, async () => more<ExportedItem>(), TERMS),
  // @ts-expect-error
  returnItem(services, async () => more<ReturnItemPayload>(), TERMS),
  // @ts-expect-error
  grantItem(services, async () => more<Grant>(), TERMS),
  // @ts-expect-error
  prepareGrant(services.db, more<Grant>(), TERMS),
  // @ts-expect-error
  useItem(services, more<UseRequest>()),
  // @ts-expect-error
  importItem(services, more<ImportRequest>()),
  // @ts-expect-error
  moveGameMoney(services, "reward", more<GameMovement>()),
];

describe("a command", () => {
  it("has members that it reads, and no others", () => {
    const more = { ...PAYLOAD, note: "for lunch" };
    // @ts-expect-error nothing would store the note.
    prepareTransfer(more, TERMS);
    expect(prepareTransfer(PAYLOAD, TERMS).type).toBe(transferOperation);
    expect(refusedCommands).toBeTypeOf("function");
  });

  it("comes from a body whose every field its route reads", () => {
    const body = { amount: "3", note: "for lunch" };
    const { amount, ...unread } = body;
    // @ts-expect-error the route drops the note.
    unread satisfies NothingElse;
    const { note, ...nothing } = body;
    const { amount: read, ...empty } = nothing;
    empty satisfies NothingElse;
    expect([amount, note, read, empty]).toEqual(["3", "for lunch", "3", {}]);
  });

  it("goes on whole only while its every member is named", () => {
    type Noted = TransferPayload & { readonly note?: string };
    const read = (given: WithOnly<TransferPayload, keyof typeof PAYLOAD>) => given.amount;
    // @ts-expect-error `note` is not named, so that nothing can be read.
    const dropped = (given: WithOnly<Noted, keyof typeof PAYLOAD>) => given.amount;
    expect([read(PAYLOAD), dropped]).toEqual([3n, dropped]);
  });
});

describe("the decision of an operation type", () => {
  const shape = { name: "example", readWriteSet: () => [] };
  const leg = { account: 1n, amount: 1n };
  const define = defineOperationType<{ readonly account: bigint }>();
  const defineWithResult = defineOperationType<object, { readonly received: string }>();

  it("has effects that the engine reads, and no others", () => {
    // @ts-expect-error `leggs` is not `legs`: the money would stay.
    define({ ...shape, decide: () => ({ leggs: [leg] }) });
    // @ts-expect-error also beside other effects.
    define({ ...shape, decide: () => ({ leggs: [leg], related: "hold" }) });
    // @ts-expect-error `chnages` is not `changes`.
    define({ ...shape, decide: () => ({ reserves: [leg], chnages: [] }) });
    // @ts-expect-error `realted` is not `related`.
    define({ ...shape, decide: () => ({ legs: [leg], realted: "hold" }) });
    const legs = [{ ...leg, amout: 2n }];
    // @ts-expect-error a leg has no `amout`.
    define({ ...shape, decide: () => ({ legs }) });
    // @ts-expect-error a reserve neither.
    define({ ...shape, decide: () => ({ reserves: legs }) });
    // @ts-expect-error nor one leg among others.
    define({ ...shape, decide: () => ({ legs: [leg, { ...leg, amout: 2n }] }) });
    const posted = { legs: [leg], reserves: [leg], changes: [], related: "hold" };
    expect(define({ ...shape, decide: () => posted })).toMatchObject(shape);
  });

  it("has the result of its type, complete and without anything else", () => {
    const more = { received: "1", recieved: "1" };
    // @ts-expect-error nothing would read `recieved`.
    defineWithResult({ ...shape, decide: () => ({ legs: [leg], result: more }) });
    // @ts-expect-error without a result.
    defineWithResult({ ...shape, decide: () => ({ legs: [leg] }) });
    const result = { received: "1" };
    expect(defineWithResult({ ...shape, decide: () => ({ result }) })).toMatchObject(shape);
  });

  it("has a refusal with a code and details, and nothing else", () => {
    const details = { field: "to", received: "1" };
    // @ts-expect-error no error has the code `same_acount`.
    define({ ...shape, decide: () => ({ refuse: "same_acount", details }) });
    define({
      ...shape,
      // @ts-expect-error nor where another branch posts.
      decide({ account }) {
        if (account === 1n) return { refuse: "same_acount", details };
        return { legs: [leg] };
      },
    });
    // @ts-expect-error `detials` is not `details`.
    define({ ...shape, decide: () => ({ refuse: "same_account", detials: details }) });
    define({
      ...shape,
      // @ts-expect-error also where another branch posts.
      decide({ account }) {
        if (account === 1n) return { refuse: "same_account", detials: details };
        return { legs: [leg] };
      },
    });
    const declared = (): Refusal => ({ refuse: "account_closed", details: {} });
    define({
      ...shape,
      // @ts-expect-error also beside a function that returns a refusal.
      decide({ account }) {
        if (account === 1n) return { refuse: "same_account", detials: details };
        return declared();
      },
    });
    const type = define({
      ...shape,
      decide({ account }) {
        if (account === 1n) return { refuse: "same_account", details };
        return { legs: [leg] };
      },
    });
    expect(type).toMatchObject(shape);
  });
});
