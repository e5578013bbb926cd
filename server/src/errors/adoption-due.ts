/** Refusals while the legacy tables are authoritative; each names the step of the runbook that opens the call. */
import { ERRORS } from "./error-table.ts";
import { NewDayError } from "./errors.ts";

export function repairDue(constraint?: string, cause?: unknown): NewDayError {
  return new NewDayError(
    "repair_due",
    {
      ...(constraint === undefined ? {} : { constraint }),
      rule: {
        en: "a foreign key lets only players own wallets",
        zh: "外键只允许玩家拥有钱包，请运维人员运行 newday repair",
      },
      remedy: ERRORS.repair_due.remedy,
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
    remedy: ERRORS.not_adopted.remedy,
  });
}
