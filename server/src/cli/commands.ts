/** One command per file, registered by name in this table. */
import type { Command } from "commander";
import { registerAdopt } from "./adopt.ts";
import { registerAudit } from "./audit.ts";
import { registerItems } from "./items.ts";
import { registerKey } from "./key.ts";
import { registerCurrency } from "./currency.ts";
import { registerDoctor } from "./doctor.ts";
import { registerExchangePair } from "./exchange-pair.ts";
import { registerRepair } from "./repair/register.ts";
import { registerTestUser } from "./test-user.ts";
import { registerRoles } from "./roles.ts";

/** Adds one command to the program. Its action sets a true `process.exitCode`. */
export type RegisterCommand = (program: Command) => void;

export const COMMANDS: readonly RegisterCommand[] = [
  registerAdopt,
  registerAudit,
  registerItems,
  registerKey,
  registerCurrency,
  registerExchangePair,
  registerTestUser,
  registerDoctor,
  registerRepair,
  registerRoles,
];
