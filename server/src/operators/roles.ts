/** What an operator may do, by role; each role may do all that the ones before it may (docs/operators.md). */
export const OPERATOR_ROLES = {
  viewer: "read everything but secrets",
  support: "help a user: freeze, end sessions, refund, cancel",
  economist: "change money and stock: adjust, confiscate, currencies, budgets, limits",
  owner: "change operators, platforms, keys and secrets",
} as const;

export type OperatorRole = keyof typeof OPERATOR_ROLES;

const ORDER = Object.keys(OPERATOR_ROLES) as OperatorRole[];

/** True when `role` may do what `least` may. */
export function includesRole(role: OperatorRole, least: OperatorRole): boolean {
  return ORDER.indexOf(role) >= ORDER.indexOf(least);
}
