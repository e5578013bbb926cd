import { TextInput } from "@mantine/core";
import { useState } from "react";
import { callAdmin } from "../api/admin-client.ts";
import { ReasonField } from "../components/reason-field.tsx";
import { useTexts } from "../language/language-provider.tsx";
import { OutcomeDialog } from "./outcome-dialog.tsx";

const TEXTS = {
  until: { en: "Until", zh: "截止时间" },
  untilMeans: {
    en: "Your local time. Empty: until it is lifted.",
    zh: "您的本地时间。留空表示直到解除为止。",
  },
} as const;

interface UserDialogProps {
  readonly userId: string;
}

/** Freezes a user on the operators' side. */
export function FreezeDialog({ userId }: UserDialogProps) {
  const texts = useTexts(TEXTS);
  const [reason, setReason] = useState("");
  const [local, setLocal] = useState("");
  const until = local === "" ? undefined : new Date(local).toISOString();
  return (
    <OutcomeDialog
      name="freeze"
      subject={userId}
      act={(dryRun, idempotencyKey) =>
        callAdmin("postUserFreeze", {
          params: { userId },
          body: { reason, until },
          dryRun,
          idempotencyKey,
        })
      }
      undo={() => ({ act: "unfreeze" })}
    >
      <TextInput
        type="datetime-local"
        label={texts.until}
        description={texts.untilMeans}
        value={local}
        onChange={(event) => setLocal(event.currentTarget.value)}
      />
      <ReasonField value={reason} onChange={setReason} />
    </OutcomeDialog>
  );
}

/** Lifts the operators' freeze. */
export function UnfreezeDialog({ userId }: UserDialogProps) {
  const [reason, setReason] = useState("");
  return (
    <OutcomeDialog
      name="unfreeze"
      subject={userId}
      act={(dryRun, idempotencyKey) =>
        callAdmin("deleteUserFreeze", {
          params: { userId },
          body: { reason },
          dryRun,
          idempotencyKey,
        })
      }
      undo={() => ({ act: "freeze" })}
    >
      <ReasonField value={reason} onChange={setReason} />
    </OutcomeDialog>
  );
}

/** Ends every session of a user. */
export function EndSessionsDialog({ userId }: UserDialogProps) {
  const [reason, setReason] = useState("");
  return (
    <OutcomeDialog
      name="end-sessions"
      subject={userId}
      act={(dryRun, idempotencyKey) =>
        callAdmin("deleteUserSessions", {
          params: { userId },
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
