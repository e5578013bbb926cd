/** One command per file, registered by name in this table. */
import type { Command } from "commander";
import { registerAdopt } from "./adopt.ts";
import { registerApproval } from "./approval.ts";
import { registerAudit } from "./audit.ts";
import { registerItems } from "./items.ts";
import { registerKey } from "./key.ts";
import { registerBudget } from "./budget.ts";
import { registerConsent } from "./consent.ts";
import { registerLimit } from "./limit.ts";
import { registerCurrency } from "./currency.ts";
import { registerDoctor } from "./doctor.ts";
import { registerMarket } from "./market.ts";
import { registerOperator } from "./operator.ts";
import { registerEconomy } from "./economy.ts";
import { registerExchangePair } from "./exchange-pair.ts";
import { registerPlatform } from "./platform.ts";
import { registerRepair } from "./repair/register.ts";
import { registerTransfer } from "./transfer.ts";
import { registerTestUser } from "./test-user.ts";
import { registerPurchase } from "./purchase.ts";
import { registerRoles } from "./roles.ts";
import { registerUser } from "./user.ts";

/** Adds one command to the program. Its action sets a true `process.exitCode`. */
export type RegisterCommand = (program: Command) => void;

export const COMMANDS: readonly RegisterCommand[] = [
  registerAdopt,
  registerAudit,
  registerItems,
  registerPlatform,
  registerKey,
  registerCurrency,
  registerBudget,
  registerEconomy,
  registerLimit,
  registerConsent,
  registerExchangePair,
  registerTestUser,
  registerUser,
  registerPurchase,
  registerMarket,
  registerTransfer,
  registerApproval,
  registerOperator,
  registerDoctor,
  registerRepair,
  registerRoles,
];
