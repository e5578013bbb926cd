import { Alert, Text } from "@mantine/core";
import type { ActOutcome } from "@newday/sdk/admin";
import { useState, type ReactNode } from "react";
import { OUTCOME_TEXTS } from "../../acts/act-texts.ts";
import { ActDialog } from "../../components/act-dialog.tsx";
import { AnchorLink } from "../../components/anchor-link.tsx";
import { ChangeView } from "../../components/change-view.tsx";
import { ReasonField } from "../../components/reason-field.tsx";
import { SecretOnce } from "../../components/secret-once.tsx";
import { useTexts } from "../../language/language-provider.tsx";

/** How one request for a change is sent. */
export interface SettingCall {
  readonly reason: string;
  readonly dryRun: boolean;
  readonly idempotencyKey: string;
}

interface SettingDialogProps {
  readonly title: string;
  readonly intro: string;
  readonly change: (call: SettingCall) => Promise<ActOutcome>;
  readonly onClose: () => void;
  readonly children?: ReactNode;
}

/** A change of a setting: preview, reason, a second person where it needs one, and a secret shown once. */
export function SettingDialog({ title, intro, change, onClose, children }: SettingDialogProps) {
  const texts = useTexts(OUTCOME_TEXTS);
  const [reason, setReason] = useState("");
  return (
    <ActDialog
      title={title}
      intro={intro}
      act={(dryRun, idempotencyKey) => change({ reason, dryRun, idempotencyKey })}
      showPreview={({ before, after, needsApproval }) => (
        <>
          {needsApproval && (
            <Alert color="yellow" title={texts.needsApproval}>
              <Text size="sm">{texts.needsApprovalMeans}</Text>
            </Alert>
          )}
          <ChangeView before={before} after={after} />
        </>
      )}
      showResult={({ needsApproval, secret }) =>
        needsApproval ? (
          <>
            <Text>{texts.waits}</Text>
            <AnchorLink to="/console/approvals">{texts.toApprovals}</AnchorLink>
          </>
        ) : (
          secret && <SecretOnce secret={secret} />
        )
      }
      onClose={onClose}
    >
      {children}
      <ReasonField value={reason} onChange={setReason} />
    </ActDialog>
  );
}
