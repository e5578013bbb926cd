import { SegmentedControl } from "@mantine/core";
import type { Account } from "@newday/sdk/admin";
import { useState } from "react";
import { callAdmin } from "../api/admin-client.ts";
import { useScales } from "../api/currencies.ts";
import { Amount, decimalOf } from "../components/amount.tsx";
import { AmountField, useMinorUnits } from "../components/amount-field.tsx";
import { Facts } from "../components/facts.tsx";
import { ReasonField } from "../components/reason-field.tsx";
import { useTexts } from "../language/language-provider.tsx";
import { OutcomeDialog } from "./outcome-dialog.tsx";
import type { OpenedAct } from "./opened-act.ts";

const TEXTS = {
  direction: { en: "Direction", zh: "方向" },
  give: { en: "Give", zh: "给予" },
  take: { en: "Take", zh: "扣除" },
  now: { en: "Balance now", zh: "当前余额" },
} as const;

interface AdjustDialogProps {
  readonly userId: string;
  readonly accounts: readonly Account[];
  readonly opened: OpenedAct;
}

/** Gives a user money, or takes it. */
export function AdjustDialog({ userId, accounts, opened }: AdjustDialogProps) {
  const texts = useTexts(TEXTS);
  const scale = useScales()?.get(opened.currency ?? "") ?? 0;
  const [direction, setDirection] = useState(opened.amount?.startsWith("-") ? "take" : "give");
  const [reason, setReason] = useState(opened.why ?? "");
  const [value, setValue] = useState({
    currency: opened.currency ?? accounts[0]?.currency ?? "game_coins",
    typed: opened.amount === undefined ? "" : decimalOf(opened.amount.replace("-", ""), scale),
  });
  const { currency } = value;
  const units = useMinorUnits(value) ?? "";
  const amount = direction === "take" ? `-${units}` : units;
  const account = accounts.find((one) => one.currency === currency);
  return (
    <OutcomeDialog
      name="adjust"
      subject={userId}
      act={(dryRun, idempotencyKey) =>
        callAdmin("postUserAdjustment", {
          params: { userId },
          body: { currency, amount, reason },
          dryRun,
          idempotencyKey,
        })
      }
      undo={({ transferId }) => ({
        act: "adjust",
        currency,
        amount: direction === "take" ? units : `-${units}`,
        why: `undo ${transferId ?? ""}`,
      })}
    >
      <SegmentedControl
        aria-label={texts.direction}
        value={direction}
        onChange={setDirection}
        data={(["give", "take"] as const).map((one) => ({ value: one, label: texts[one] }))}
      />
      <AmountField value={value} onChange={setValue} />
      <Facts
        of={[
          [texts.now, <Amount key="now" of={account?.balance ?? "0"} {...{ currency }} named />],
        ]}
      />
      <ReasonField value={reason} onChange={setReason} />
    </OutcomeDialog>
  );
}
