/**
 * The owners of an account's freezes and closing, in the account's flags.
 *
 * A platform and the operators of New Day each own their restrictions and lift only their own. The
 * account obeys the union of both, which stands in the lowest bits, so that posting tests one
 * number.
 */

export const DEBITS_FROZEN = 1;
export const CREDITS_FROZEN = 2;
export const CLOSED = 4;
/** At least one restriction is an operator's. */
export const BY_OPERATOR = 8;
/** The account of a test user: it pays and is paid by test users and system accounts only. */
export const TEST_USER = 1024;
/** The account has spending limits, which decisions read then. */
export const LIMITED = 2048;
/** Marks of an account that no restriction changes. */
export const MARKS = TEST_USER | LIMITED;

const OWN_BITS = DEBITS_FROZEN | CREDITS_FROZEN | CLOSED;
const PLATFORM_SHIFT = 4;
const OPERATOR_SHIFT = 7;

export type RestrictionOwner = "platform" | "operator";

/** The restrictions of one owner: a set of `DEBITS_FROZEN`, `CREDITS_FROZEN` and `CLOSED`. */
export type Restrictions = Readonly<Record<RestrictionOwner, number>>;

/**
 * Returns the restrictions of each owner. Flags that a release without owners wrote carry the union
 * alone: it belongs to the operator when `BY_OPERATOR` is set, otherwise to the platform.
 */
export function restrictionsOf(flags: number): Restrictions {
  const platform = (flags >> PLATFORM_SHIFT) & OWN_BITS;
  const operator = (flags >> OPERATOR_SHIFT) & OWN_BITS;
  const union = flags & OWN_BITS;
  if ((platform | operator) === union) return { platform, operator };
  return (flags & BY_OPERATOR) === 0
    ? { platform: union, operator: 0 }
    : { platform: 0, operator: union };
}

/** Returns the flags of an account that both owners have restricted in this way. */
export function flagsOf({ platform, operator }: Restrictions): number {
  return (
    platform |
    operator |
    (operator === 0 ? 0 : BY_OPERATOR) |
    (platform << PLATFORM_SHIFT) |
    (operator << OPERATOR_SHIFT)
  );
}
