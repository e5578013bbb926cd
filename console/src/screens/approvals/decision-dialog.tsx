import { Text } from "@mantine/core";
import { useState } from "react";
import { callAdmin } from "../../api/admin-client.ts";
import type { Approval } from "@newday/sdk/admin";
import { ActDialog } from "../../components/act-dialog.tsx";
import { ChangeView } from "../../components/change-view.tsx";
import { ReasonField } from "../../components/reason-field.tsx";
import { useTexts } from "../../language/language-provider.tsx";
import { fillText } from "../../language/messages.ts";
import { APPROVALS_TEXTS } from "./approvals-texts.ts";

export type Decision = "approve" | "reject";

interface DecisionDialogProps {
  readonly approval: Approval;
  readonly decision: Decision;
  readonly onClose: () => void;
}

/** The second person's decision: the server previews an approval on the present rows. */
export function DecisionDialog({ approval, decision, onClose }: DecisionDialogProps) {
  const texts = useTexts(APPROVALS_TEXTS);
  const [reason, setReason] = useState("");
  const params = { id: approval.id };
  const decide = (dryRun: boolean, idempotencyKey: string) =>
    decision === "approve"
      ? callAdmin("postApprovalApproval", { params, body: {}, dryRun, idempotencyKey })
      : callAdmin("postApprovalRejection", { params, body: { reason }, dryRun, idempotencyKey });
  return (
    <ActDialog
      title={fillText(texts[`${decision}Title`], { what: approval.what })}
      act={decide}
      showPreview={({ before, after }) => <ChangeView before={before} after={after} />}
      onClose={onClose}
    >
      <Text size="sm">{texts.asPreviewed}</Text>
      <ChangeView before={approval.before} after={approval.after} />
      {decision === "reject" && <ReasonField value={reason} onChange={setReason} />}
    </ActDialog>
  );
}
