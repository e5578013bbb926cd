/** `newday transfer find | show`: what the operators' API answers about transfers. */
import type { Command } from "commander";
import { toTransferPage, toTransferSummary } from "../http/admin/app/thing-replies.ts";
import { createDirectory } from "../ledger/wallets/directory.ts";
import { searchTransfers } from "../operators/transfers/search-transfers.ts";
import { readTransferPage } from "../operators/transfers/transfer-page.ts";
import { withModel } from "./model-change.ts";
import { helpText } from "./usage/help-text.ts";
import { jsonOption } from "./usage/json-option.ts";
import {
  examples,
  limitOption,
  printLine,
  printRows,
  type ListOptions,
} from "./usage/read-options.ts";
import { parseTimeArgument } from "./usage/time-argument.ts";

interface FindOptions extends ListOptions {
  readonly user?: string;
  readonly currency?: string;
  readonly from?: Date;
  readonly until?: Date;
}

export function registerTransfer(program: Command): void {
  const transfer = program
    .command("transfer")
    .description(helpText({ en: "find and show transfers", zh: "查找和查看交易" }));
  transfer
    .command("find [text]")
    .description(
      helpText({
        en: "transfers of this whole id or reference; without a text newest first, of a user and of a time",
        zh: "ID 或参考号与该文本完全相同的交易；不填文本则按用户与时间列出，最新在前",
      }),
    )
    .option("--user <userId>", helpText({ en: "of this user", zh: "仅此用户" }))
    .option("--currency <code>", helpText({ en: "of one currency", zh: "仅一种货币" }))
    .option(
      "--from <time>",
      helpText({ en: "recorded at this time or later", zh: "起始时间（含）" }),
      parseTimeArgument,
    )
    .option(
      "--until <time>",
      helpText({ en: "recorded before this time", zh: "结束时间（不含）" }),
      parseTimeArgument,
    )
    .addOption(limitOption())
    .option(...jsonOption("array"))
    .addHelpText(
      "after",
      examples(
        "newday transfer find order-42",
        "newday transfer find --user ada --from 2026-11-01T00:00:00Z --json",
      ),
    )
    .action(findTransfers);
  transfer
    .command("show <transferId>")
    .description(
      helpText({
        en: "a transfer: movements, who asked and why, refunds, its hold or purchase",
        zh: "交易全貌：各笔变动、发起方与原因、退款、所属预留或购买",
      }),
    )
    .option(...jsonOption("object"))
    .addHelpText(
      "after",
      examples("newday transfer show 0198c0de-0000-7000-8000-000000000001 --json"),
    )
    .action(showTransfer);
}

function findTransfers(
  text: string | undefined,
  { json, limit, user: userId, ...range }: FindOptions,
): Promise<void> {
  return withModel(async (db) => {
    const services = { db, directory: createDirectory(db) };
    const search = { text, userId, ...range };
    const { transfers } = await searchTransfers(services, search, { after: {}, limit });
    const shown = transfers.map(toTransferSummary);
    const lines = shown.map(({ id, kind, by, at, movements: [first] }) => {
      const money = first && `  ${first.from} -> ${first.to}  ${first.amount} ${first.currency}`;
      return `${at}  ${id}  ${kind}  ${by}${money ?? ""}`;
    });
    printRows(json ? shown : undefined, lines);
  });
}

function showTransfer(id: string, { json }: { json?: true }): Promise<void> {
  return withModel(async (db) => {
    const page = await toTransferPage(createDirectory(db), await readTransferPage(db, id));
    const { kind, by, at, reason, reference, movements, relatedTransfers } = page;
    const lines = [
      `${at}  ${id}  ${kind}  ${by}  ${reference ?? "-"}  ${reason ?? "-"}`,
      ...movements.map(
        ({ from, to, amount, currency, refunded }) =>
          `  ${from} -> ${to}  ${amount} ${currency}${refunded === "0" ? "" : `  -${refunded}`}`,
      ),
      ...relatedTransfers.map((related) => `  ${related.at}  ${related.id}  ${related.kind}`),
    ];
    printLine(json ? JSON.stringify(page) : lines.join("\n"));
  });
}
