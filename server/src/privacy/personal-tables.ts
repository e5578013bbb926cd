/**
 * The inventory of personal data: every column of every table that holds something about a person. The export is
 * made from it, docs/privacy.md shows it, and a test compares it with the catalogue, so that a new column is
 * decided here before it is released.
 */
import { LEGACY_TABLES } from "./inventory/legacy-tables.ts";
import { LOG_TABLES } from "./inventory/log-tables.ts";
import { MONEY_TABLES } from "./inventory/money-tables.ts";
import type { PersonalTable } from "./inventory/personal-column.ts";
import { THING_TABLES } from "./inventory/thing-tables.ts";
import { USER_TABLES } from "./inventory/user-tables.ts";

export const PERSONAL_TABLES: readonly PersonalTable[] = [
  ...USER_TABLES,
  ...MONEY_TABLES,
  ...THING_TABLES,
  ...LOG_TABLES,
  ...LEGACY_TABLES,
];

/** Tables without a person in them; a reference to a transfer or account alone is none. */
export const IMPERSONAL_TABLES: readonly string[] = [
  "newday.act_limits",
  "newday.audit_findings",
  "newday.audit_positions",
  "newday.audit_runs",
  "newday.change_chains",
  "newday.confiscations",
  "newday.counted_holds",
  "newday.currencies",
  "newday.economy_balances",
  "newday.economy_days",
  "newday.economy_moved_wallets",
  "newday.economy_prices",
  "newday.economy_progress",
  "newday.economy_top_holders",
  "newday.economy_totals",
  "newday.economy_wallets",
  "newday.erasure_finds",
  "newday.erasure_keys",
  "newday.exchange_pairs",
  "newday.issuance_budgets",
  "newday.issuance_tallies",
  "newday.item_definitions",
  "newday.item_field_changes",
  "newday.item_labels",
  "newday.platform_keys",
  "newday.platform_secrets",
  "newday.platforms",
  "newday.purchase_refunds",
  "newday.recipes",
  "newday.refund_policies",
  "newday.refunds",
  "newday.repair_events",
  "newday.schema_migrations",
  "newday.spending_counters",
  "newday.stock_offers",
  "newday.used_assertions",
  "newday.work_leases",
];

/** Logins of New Day's own people; their texts in the log of changes stay. */
export const STAFF_TABLES: readonly string[] = [
  "newday.act_totals",
  "newday.approvals",
  "newday.operator_change_keys",
  "newday.operator_codes",
  "newday.operator_keys",
  "newday.operator_sessions",
  "newday.operators",
  "newday.refused_sign_ins",
];
