/** `newday`: one command per file, registered by name in this table. */
import { Command } from "commander";
import { readBuildInfo } from "../build-info.ts";
import { isNewDayError } from "../errors.ts";
import { registerAdopt } from "./adopt.ts";
import { registerAudit } from "./audit.ts";
import { registerItems } from "./items.ts";
import { registerKey } from "./key.ts";
import { registerCurrency } from "./currency.ts";
import { registerDoctor } from "./doctor.ts";
import { registerExchangePair } from "./exchange-pair.ts";
import { outliveOutputStreams } from "./output-streams.ts";
import { registerRepair } from "./repair/register.ts";
import { registerRoles } from "./roles.ts";

/** Adds one command to the program. Its action sets `process.exitCode`; it never lies about it. */
export type RegisterCommand = (program: Command) => void;

const COMMANDS: readonly RegisterCommand[] = [
  registerAdopt,
  registerAudit,
  registerItems,
  registerKey,
  registerCurrency,
  registerExchangePair,
  registerDoctor,
  registerRepair,
  registerRoles,
];

const EXIT_USAGE = 2;

outliveOutputStreams();

const program = new Command("newday")
  .description("New Day: one wallet, inventory and market for every user of every platform")
  .version(readBuildInfo().version)
  .showHelpAfterError()
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : EXIT_USAGE));
for (const register of COMMANDS) register(program);

program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`newday: ${explain(error)}\n`);
  process.exitCode = isNewDayError(error) ? error.definition.exitCode : 1;
});

/** The message, and what of field, rule and remedy it does not say yet. */
function explain(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (!isNewDayError(error)) return message;
  const { field, rule, remedy } = error.details;
  const broken = [field, rule].filter((part) => typeof part === "string").join(" ");
  const parts = [message, broken, remedy].filter((part) => typeof part === "string" && part !== "");
  return parts.filter((part, index) => index === 0 || !message.includes(String(part))).join(" — ");
}
