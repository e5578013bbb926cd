import { Alert, Anchor, Button, Text } from "@mantine/core";
import type { ActOutcome } from "@newday/sdk/admin";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { ActDialog } from "../components/act-dialog.tsx";
import { ChangeView } from "../components/change-view.tsx";
import { useLanguage, useTexts } from "../language/language-provider.tsx";
import { ACT_INTROS, ACT_NAMES, OUTCOME_TEXTS } from "./act-texts.ts";
import { useOpenAct, type ActName, type OpenedAct } from "./opened-act.ts";

interface OutcomeDialogProps {
  readonly name: ActName;
  /** Whom or what it changes. */
  readonly subject: string;
  readonly act: (dryRun: boolean, idempotencyKey: string) => Promise<ActOutcome>;
  /** The act that undoes what was done, filled in. */
  readonly undo?: (outcome: ActOutcome) => OpenedAct | undefined;
  readonly children: ReactNode;
}

/** An act on a user's money or things: what goes beyond a person's limit waits for a second one. */
export function OutcomeDialog({ name, subject, act, undo, children }: OutcomeDialogProps) {
  const { language } = useLanguage();
  const texts = useTexts(OUTCOME_TEXTS);
  const openAct = useOpenAct();
  return (
    <ActDialog
      key={name}
      title={`${ACT_NAMES[name][language]}: ${subject}`}
      intro={ACT_INTROS[name][language]}
      act={act}
      {...useOutcomeTexts()}
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
      showResult={(outcome) => <Afterwards outcome={outcome} undo={undo?.(outcome)} />}
      onClose={() => openAct()}
    >
      {children}
    </ActDialog>
  );
}

function useOutcomeTexts() {
  const texts = useTexts(OUTCOME_TEXTS);
  const { language } = useLanguage();
  return {
    confirmText: ({ needsApproval }: ActOutcome) =>
      needsApproval ? texts.ask : CONFIRM_TEXT[language],
    doneText: (outcome: ActOutcome) => (isWaiting(outcome) ? texts.waits : DONE_TEXT[language]),
  };
}

const CONFIRM_TEXT = { en: "Do it", zh: "确认执行" } as const;
const DONE_TEXT = {
  en: "Done and recorded in the log.",
  zh: "已执行，并已写入操作日志。",
} as const;

interface AfterwardsProps {
  readonly outcome: ActOutcome;
  readonly undo: OpenedAct | undefined;
}

function Afterwards({ outcome, undo }: AfterwardsProps) {
  const texts = useTexts(OUTCOME_TEXTS);
  const openAct = useOpenAct();
  if (isWaiting(outcome))
    return (
      <Anchor component={Link} to="/console/approvals" size="sm">
        {texts.toApprovals}
      </Anchor>
    );
  return (
    <>
      <ChangeView before={outcome.before} after={outcome.after} />
      {undo && (
        <div>
          <Button size="compact-sm" variant="default" onClick={() => openAct(undo)}>
            {texts.undo}
          </Button>
        </div>
      )}
    </>
  );
}

/** An act that was asked for names its approval and posted nothing. */
function isWaiting({ needsApproval, transferId, dryRun }: ActOutcome): boolean {
  return needsApproval && transferId === null && !dryRun;
}
