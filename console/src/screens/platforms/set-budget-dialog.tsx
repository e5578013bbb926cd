import { TextInput } from "@mantine/core";
import { useState } from "react";
import { callAdmin } from "../../api/admin-client.ts";
import { useTexts } from "../../language/language-provider.tsx";
import { PLATFORMS_TEXTS } from "./platforms-texts.ts";
import { SettingDialog } from "./setting-dialog.tsx";

interface SetBudgetDialogProps {
  readonly name: string;
  readonly onClose: () => void;
}

export function SetBudgetDialog({ name, onClose }: SetBudgetDialogProps) {
  const texts = useTexts(PLATFORMS_TEXTS);
  const [currency, setCurrency] = useState("game_coins");
  const [perDay, setPerDay] = useState("");
  const [total, setTotal] = useState("");
  return (
    <SettingDialog
      title={`${texts.setBudget}: ${name}`}
      intro={texts.budgetIntro}
      change={({ reason, ...call }) =>
        callAdmin("putBudget", {
          ...call,
          params: { platform: name, currency },
          body: { perDay: boundOf(perDay), total: boundOf(total), reason },
        })
      }
      onClose={onClose}
    >
      <TextInput
        label={texts.currency}
        required
        value={currency}
        onChange={(event) => setCurrency(event.currentTarget.value)}
      />
      <TextInput
        label={texts.perDay}
        inputMode="numeric"
        value={perDay}
        onChange={(event) => setPerDay(event.currentTarget.value)}
      />
      <TextInput
        label={texts.total}
        inputMode="numeric"
        value={total}
        onChange={(event) => setTotal(event.currentTarget.value)}
      />
    </SettingDialog>
  );
}

function boundOf(typed: string): string | null {
  return typed.trim() === "" ? null : typed.trim();
}
