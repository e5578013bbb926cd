import { Textarea } from "@mantine/core";
import type { Account } from "@newday/sdk/admin";
import { useState } from "react";
import { callAdmin } from "../api/admin-client.ts";
import { AmountField, useMinorUnits } from "../components/amount-field.tsx";
import { ReasonField } from "../components/reason-field.tsx";
import { useTexts } from "../language/language-provider.tsx";
import type { OpenedAct } from "./opened-act.ts";
import { OutcomeDialog } from "./outcome-dialog.tsx";

const TEXTS = {
  items: { en: "Ids of items", zh: "道具 ID" },
  itemsMean: {
    en: "One a line, 100 at most. The user's items list them, and fill in the one that you choose there.",
    zh: "每行一个，最多 100 个。可在该用户的道具列表中查看，从那里选择会自动填入。",
  },
} as const;

interface ConfiscateDialogProps {
  readonly userId: string;
  readonly accounts: readonly Account[];
  readonly opened: OpenedAct;
}

/** Takes items or coins into the holding place, by a second person. */
export function ConfiscateDialog({ userId, accounts, opened }: ConfiscateDialogProps) {
  const texts = useTexts(TEXTS);
  const [reason, setReason] = useState("");
  const [typedItems, setTypedItems] = useState(opened.of ?? "");
  const [value, setValue] = useState({
    currency: accounts[0]?.currency ?? "game_coins",
    typed: "",
  });
  const amount = useMinorUnits(value);
  const items = typedItems.split(/[\s,]+/).filter((id) => id !== "");
  const body = {
    ...(items.length === 0 ? {} : { items }),
    ...(amount === undefined ? {} : { currency: value.currency, amount }),
    reason,
  };
  return (
    <OutcomeDialog
      name="confiscate"
      subject={userId}
      act={(dryRun, idempotencyKey) =>
        callAdmin("postUserConfiscation", { params: { userId }, body, dryRun, idempotencyKey })
      }
    >
      <Textarea
        label={texts.items}
        description={texts.itemsMean}
        autosize
        minRows={2}
        value={typedItems}
        onChange={(event) => setTypedItems(event.currentTarget.value)}
      />
      <AmountField value={value} onChange={setValue} required={false} />
      <ReasonField value={reason} onChange={setReason} />
    </OutcomeDialog>
  );
}

/** Gives a confiscation back as a whole. */
export function ReturnDialog({ id }: { id: string }) {
  const [reason, setReason] = useState("");
  return (
    <OutcomeDialog
      name="return"
      subject={id}
      act={(dryRun, idempotencyKey) =>
        callAdmin("postConfiscationReturn", {
          params: { id },
          body: { reason },
          dryRun,
          idempotencyKey,
        })
      }
    >
      <ReasonField value={reason} onChange={setReason} />
    </OutcomeDialog>
  );
}
