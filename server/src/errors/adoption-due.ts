/** Refusals while the legacy tables are authoritative; each names the step of the runbook that opens the call. */
import { NewDayError } from "./errors.ts";

export function repairDue(constraint?: string, cause?: unknown): NewDayError {
  return new NewDayError(
    "repair_due",
    {
      ...(constraint === undefined ? {} : { constraint }),
      rule: {
        en: "a foreign key lets only players own wallets",
        zh: "请运维人员运行 newday repair",
      },
      remedy: {
        en: "Operator: run `newday repair plan`, then `newday repair apply`.",
        zh: "运维人员：请运行 newday repair plan，再运行 newday repair apply",
      },
    },
    { cause },
  );
}

export function adoptionDue(): NewDayError {
  return new NewDayError("not_adopted", {
    rule: {
      en: "money and items are written by the ledger, which `newday adopt` opens",
      zh: "写入钱包与道具需先完成接管，请运维人员运行 newday adopt",
    },
    remedy: {
      en: "Operator: run `newday adopt --dry-run`, then `newday adopt`.",
      zh: "运维人员：请运行 newday adopt --dry-run，再运行 newday adopt",
    },
  });
}
