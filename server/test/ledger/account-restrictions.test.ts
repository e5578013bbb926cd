/** The owners of freezes and closings, as an account's flags carry them. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  BY_OPERATOR,
  CLOSED,
  CREDITS_FROZEN,
  DEBITS_FROZEN,
  flagsOf,
  restrictionsOf,
} from "../../src/ledger/accounts/account-restrictions.ts";

const restriction = fc.integer({ min: 0, max: DEBITS_FROZEN | CREDITS_FROZEN | CLOSED });

describe("account flags", () => {
  it("return what both owners have set, and obey the union", () => {
    fc.assert(
      fc.property(restriction, restriction, (platform, operator) => {
        const flags = flagsOf({ platform, operator });
        expect(restrictionsOf(flags)).toEqual({ platform, operator });
        expect(flags & 7).toBe(platform | operator);
        expect((flags & BY_OPERATOR) !== 0).toBe(operator !== 0);
      }),
    );
  });

  it("give what a release without owners has written to the side that it names", () => {
    expect(restrictionsOf(DEBITS_FROZEN)).toEqual({ platform: DEBITS_FROZEN, operator: 0 });
    expect(restrictionsOf(CLOSED | BY_OPERATOR)).toEqual({ platform: 0, operator: CLOSED });
    const both = flagsOf({ platform: DEBITS_FROZEN, operator: 0 }) | CLOSED;
    expect(restrictionsOf(both)).toEqual({ platform: DEBITS_FROZEN | CLOSED, operator: 0 });
  });
});
