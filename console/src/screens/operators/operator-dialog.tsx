import { NativeSelect } from "@mantine/core";
import { useState } from "react";
import { callAdmin } from "../../api/admin-client.ts";
import type { Operator } from "@newday/sdk/admin";
import { ActDialog } from "../../components/act-dialog.tsx";
import { ChangeView } from "../../components/change-view.tsx";
import { ReasonField } from "../../components/reason-field.tsx";
import { SecretOnce } from "../../components/secret-once.tsx";
import { useTexts } from "../../language/language-provider.tsx";
import { fillText } from "../../language/messages.ts";
import { OPERATORS_TEXTS, STATUS_TEXTS } from "./operators-texts.ts";
import { RoleSelect } from "./role-select.tsx";

export type OperatorAct = "change" | "code" | "reset";

interface OperatorDialogProps {
  readonly operator: Operator;
  readonly act: OperatorAct;
  readonly onClose: () => void;
}

/** An act on one operator: another role or status, a new code, or the second factor reset. */
export function OperatorDialog({ operator, act, onClose }: OperatorDialogProps) {
  const texts = useTexts(OPERATORS_TEXTS);
  const statuses = useTexts(STATUS_TEXTS);
  const [reason, setReason] = useState("");
  const [role, setRole] = useState(operator.role);
  const [status, setStatus] = useState(operator.status);
  const params = { login: operator.login };
  const send = (dryRun: boolean) => {
    if (act === "code") return callAdmin("postOperatorCode", { params, body: { reason }, dryRun });
    if (act === "reset")
      return callAdmin("postSecondFactorReset", { params, body: { reason }, dryRun });
    const wanted = {
      ...(role === operator.role ? {} : { role }),
      ...(status === operator.status || status === "invited" ? {} : { status }),
    };
    return callAdmin("patchOperator", { params, body: { reason, ...wanted }, dryRun });
  };
  return (
    <ActDialog
      title={fillText(texts[`${act}Title`], params)}
      intro={texts[`${act}Intro`]}
      act={send}
      showPreview={({ before, after }) => <ChangeView before={before} after={after} />}
      showResult={({ secret }) => secret && <SecretOnce secret={secret} />}
      onClose={onClose}
    >
      {act === "change" && (
        <>
          <RoleSelect label={texts.role} value={role} onChange={setRole} />
          {operator.status !== "invited" && (
            <NativeSelect
              label={texts.status}
              value={status}
              onChange={(event) => setStatus(event.currentTarget.value as Operator["status"])}
              data={(["active", "suspended"] as const).map((value) => ({
                value,
                label: statuses[value],
              }))}
            />
          )}
        </>
      )}
      <ReasonField value={reason} onChange={setReason} />
    </ActDialog>
  );
}
