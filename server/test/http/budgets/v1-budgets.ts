/** Budgets that most operations of /api/v1 share. */
import type { Costs } from "../../support/costs.ts";

export const V1 = "/api/v1";
export const READ: Costs = {
  statements: 6,
  rows: 20,
  hashes: 2,
  hashedBytes: 500,
  bytes: 8_000,
  entries: 20,
};
/** Metadata of 30 KB is hashed once, and answered once. */
export const POST: Costs = {
  statements: 24,
  rows: 20,
  hashes: 5,
  hashedBytes: 40_000,
  bytes: 40_000,
  entries: 20,
};
/** The facts of an item with fields have two ids, with the fields and without. */
export const OWN_ITEM_POST: Costs = { ...POST, hashedBytes: 45_000 };
export const PAGE: Costs = { ...READ, rows: 210, bytes: 200_000, entries: 200, hashes: 3 };
export const BULK: Costs = {
  statements: 60,
  rows: 200,
  hashes: 3_100,
  hashedBytes: 1_500_000,
  bytes: 1_500_000,
  entries: 1_000,
};
