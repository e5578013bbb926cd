/** What the compiler refuses about operations. Each `@ts-expect-error` fails `npm run types` if it is let through. */
import { describe, expect, it } from "vitest";
import { operationOf } from "../../src/engine/operation-type.ts";
import { createRegistry } from "../../src/engine/registry.ts";
import type { OutcomesOf } from "../../src/engine/operation.ts";
import { holdOperation } from "../../src/ledger/holds/hold-operation.ts";
import { transferOperation } from "../../src/ledger/transfers/transfer-operation.ts";
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

  it("gives its type's result to whoever reads the outcome", () => {
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
