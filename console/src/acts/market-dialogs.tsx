import { NativeSelect, TextInput } from "@mantine/core";
import { useState } from "react";
import { callAdmin } from "../api/admin-client.ts";
import { ReasonField } from "../components/reason-field.tsx";
import { useTexts } from "../language/language-provider.tsx";
import { OutcomeDialog } from "./outcome-dialog.tsx";

const TEXTS = {
  quantity: { en: "Quantity", zh: "数量" },
  quantityMeans: { en: "Empty: all that is left.", zh: "留空表示全部剩余数量。" },
  ifItemGone: { en: "When the item is gone", zh: "若道具已不在" },
  refuse: { en: "refuse", zh: "拒绝退款" },
  money_only: { en: "give the money back alone", zh: "仅退款" },
} as const;

interface ThingDialogProps {
  /** Of a purchase its transfer; of a listing or confiscation its id. */
  readonly id: string;
}

/** Refunds a purchase, whole or in part. */
export function RefundDialog({ id }: ThingDialogProps) {
  const texts = useTexts(TEXTS);
  const [reason, setReason] = useState("");
  const [typed, setTyped] = useState("");
  const [ifItemGone, setIfItemGone] = useState<"refuse" | "money_only">("refuse");
  const quantity = typed === "" ? undefined : Number(typed);
  return (
    <OutcomeDialog
      name="refund"
      subject={id}
      act={(dryRun, idempotencyKey) =>
        callAdmin("postPurchaseRefund", {
          params: { id },
          body: { quantity, ifItemGone, reason },
          dryRun,
          idempotencyKey,
        })
      }
    >
      <TextInput
        type="number"
        min={1}
        label={texts.quantity}
        description={texts.quantityMeans}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <NativeSelect
        label={texts.ifItemGone}
        value={ifItemGone}
        onChange={(event) => setIfItemGone(event.currentTarget.value as typeof ifItemGone)}
        data={(["refuse", "money_only"] as const).map((value) => ({ value, label: texts[value] }))}
      />
      <ReasonField value={reason} onChange={setReason} />
    </OutcomeDialog>
  );
}

/** Takes a user's listing off the market. */
export function CancelListingDialog({ id }: ThingDialogProps) {
  const [reason, setReason] = useState("");
  return (
    <OutcomeDialog
      name="cancel-listing"
      subject={id}
      act={(dryRun, idempotencyKey) =>
        callAdmin("postListingCancellation", {
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
