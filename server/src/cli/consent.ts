/** `newday consent`: what users permit other platforms; an operator lists and revokes. */
import { helpText } from "./usage/help-text.ts";
import type { Command } from "commander";
import { createDryRunEngine } from "../engine/dry-run.ts";
import { accountId } from "../ledger/accounts/accounts.ts";
import { listCurrencies } from "../ledger/currencies/currency-queries.ts";
import { revokeConsent } from "../ledger/policies/grant-consent.ts";
import { changeOf, operatorTerms } from "../ledger/policies/policy-command.ts";
import { createDirectory } from "../ledger/wallets/directory.ts";
import { consentState, spentToday } from "../policy/consents/charge-consent.ts";
import { listConsentsOf, type ConsentRow } from "../policy/consents/consent-rows.ts";
import { makeChange, withModel } from "./model-change.ts";
import { registerPolicyLog, withReason, type PolicyOptions } from "./policy-options.ts";
import { withEngine } from "./with-engine.ts";

export function registerConsent(program: Command): void {
  const consent = program.command("consent").description(
    helpText({
      en: "list and revoke what a user permits other platforms",
      zh: "列出和撤销用户对其他平台的授权",
    }),
  );
  consent
    .command("list <userId>")
    .description(helpText({ en: "what a user permits", zh: "用户的授权" }))
    .action((userId: string) => list(userId));
  withReason(
    consent.command("revoke <userId> <platform> <currency>").description(
      helpText({
        en: "revoke it; open holds under it are given back",
        zh: "撤销授权，并退回其下尚未扣款的预留",
      }),
    ),
  ).action((userId: string, platform: string, currency: string, options: PolicyOptions) =>
    makeChange(options, (db, context) =>
      withEngine(db, "newday-consent", async (services) => {
        const engine = context.dryRun ? createDryRunEngine(services.engine) : services.engine;
        const revoked = { userId, platform, currency, reason: options.reason };
        const terms = operatorTerms(context);
        return changeOf("consent", await revokeConsent({ ...services, engine }, revoked, terms));
      }),
    ),
  );
  registerPolicyLog(consent, "consent");
}

function list(userId: string): Promise<void> {
  return withModel(async (db) => {
    const number = await createDirectory(db).walletNumber(userId);
    const currencies = await listCurrencies(db);
    const accounts = currencies.map((one) => accountId(number, Number(one.number)));
    const rows = await listConsentsOf(db, accounts);
    process.stdout.write(`${rows.map(describe).join("\n") || "-"}\n`);
  });
}

function describe(row: ConsentRow): string {
  const now = new Date();
  const { platform, currency, perDay, verbs, version } = row;
  const used = `${spentToday(row, now)} of ${perDay} ${currency} today`;
  return `${platform.padEnd(16)} ${consentState(row, now)}  ${used}  ${verbs.join(",")}  version ${version}`;
}
