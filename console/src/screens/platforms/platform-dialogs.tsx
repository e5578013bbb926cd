import { NumberInput } from "@mantine/core";
import { useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { callAdmin } from "../../api/admin-client.ts";
import { useAddressChange } from "../../components/address.ts";
import { useTexts } from "../../language/language-provider.tsx";
import { fillText } from "../../language/messages.ts";
import { MakePlatformKeyDialog } from "./make-platform-key-dialog.tsx";
import { PLATFORMS_TEXTS } from "./platforms-texts.ts";
import { SetBudgetDialog } from "./set-budget-dialog.tsx";
import { SettingDialog } from "./setting-dialog.tsx";

interface DialogProps {
  readonly name: string;
  readonly onClose: () => void;
}

/** The dialog that the address names, so that a link leads a colleague to it. */
export function PlatformDialogs({ name }: { name: string }) {
  const { act, id = "" } = useSearch({ from: "/signed-in/console/platforms/$name" });
  const change = useAddressChange();
  const shared = { name, onClose: () => change({ act: undefined, id: undefined }) };
  switch (act) {
    case "suspend":
    case "resume":
    case "end-sessions":
      return <StatusDialog {...shared} act={act} />;
    case "rotate":
      return <RotateDialog {...shared} />;
    case "make-key":
      return <MakePlatformKeyDialog {...shared} />;
    case "revoke-key":
      return <RevokeKeyDialog {...shared} id={id} />;
    case "set-budget":
      return <SetBudgetDialog {...shared} />;
    case "remove-budget":
      return <RemoveBudgetDialog {...shared} currency={id} />;
    default:
      return null;
  }
}

type StatusAct = "suspend" | "resume" | "end-sessions";

const STATUS_ACTS = {
  suspend: { operation: "postPlatformSuspension", title: "suspend", intro: "suspendIntro" },
  resume: { operation: "deletePlatformSuspension", title: "resume", intro: "resumeIntro" },
  "end-sessions": {
    operation: "deletePlatformSessions",
    title: "endSessions",
    intro: "endSessionsIntro",
  },
} as const;

function StatusDialog({ name, act, onClose }: DialogProps & { readonly act: StatusAct }) {
  const texts = useTexts(PLATFORMS_TEXTS);
  const { operation, title, intro } = STATUS_ACTS[act];
  return (
    <SettingDialog
      title={`${texts[title]}: ${name}`}
      intro={texts[intro]}
      change={({ reason, ...call }) =>
        callAdmin(operation, { ...call, params: { name }, body: { reason } })
      }
      onClose={onClose}
    />
  );
}

const HOUR_S = 3_600;
/** Thirty days. */
const OVERLAP_HOURS_MAX = 720;

function RotateDialog({ name, onClose }: DialogProps) {
  const texts = useTexts(PLATFORMS_TEXTS);
  const [hours, setHours] = useState(24);
  return (
    <SettingDialog
      title={`${texts.rotate}: ${name}`}
      intro={texts.rotateIntro}
      change={({ reason, ...call }) =>
        callAdmin("postPlatformSecret", {
          ...call,
          params: { name },
          body: { keepOldForSeconds: hours * HOUR_S, reason },
        })
      }
      onClose={onClose}
    >
      <NumberInput
        label={texts.overlap}
        min={0}
        max={OVERLAP_HOURS_MAX}
        hideControls
        value={hours}
        onChange={(value) => setHours(Number(value))}
      />
    </SettingDialog>
  );
}

function RevokeKeyDialog({ id, onClose }: DialogProps & { readonly id: string }) {
  const texts = useTexts(PLATFORMS_TEXTS);
  return (
    <SettingDialog
      title={fillText(texts.revokeTitle, { label: id })}
      intro={texts.revokeIntro}
      change={({ reason, ...call }) =>
        callAdmin("postPlatformKeyRevocation", { ...call, params: { id }, body: { reason } })
      }
      onClose={onClose}
    />
  );
}

function RemoveBudgetDialog({
  name,
  currency,
  onClose,
}: DialogProps & { readonly currency: string }) {
  const texts = useTexts(PLATFORMS_TEXTS);
  return (
    <SettingDialog
      title={fillText(texts.removeBudgetTitle, { currency })}
      intro={texts.removeBudgetIntro}
      change={({ reason, ...call }) =>
        callAdmin("deleteBudget", {
          ...call,
          params: { platform: name, currency },
          body: { reason },
        })
      }
      onClose={onClose}
    />
  );
}
