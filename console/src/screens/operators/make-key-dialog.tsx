import { TextInput } from "@mantine/core";
import { useState } from "react";
import { callAdmin } from "../../api/admin-client.ts";
import type { Role } from "@newday/sdk/admin";
import { ActDialog } from "../../components/act-dialog.tsx";
import { ChangeView } from "../../components/change-view.tsx";
import { SecretOnce } from "../../components/secret-once.tsx";
import { useTexts } from "../../language/language-provider.tsx";
import { KEYS_TEXTS } from "./keys-texts.ts";
import { RoleSelect } from "./role-select.tsx";

export function MakeKeyDialog({ onClose }: { onClose: () => void }) {
  const texts = useTexts(KEYS_TEXTS);
  const [label, setLabel] = useState("");
  const [role, setRole] = useState<Role>("viewer");
  const [ends, setEnds] = useState("");
  const body = {
    label,
    role,
    ...(ends === "" ? {} : { expiresAt: new Date(ends).toISOString() }),
  };
  return (
    <ActDialog
      title={texts.make}
      act={(dryRun) => callAdmin("postOperatorKey", { body, dryRun })}
      showPreview={({ before, after }) => <ChangeView before={before} after={after} />}
      showResult={({ secret }) => secret && <SecretOnce secret={secret} />}
      onClose={onClose}
    >
      <TextInput
        label={texts.label}
        description={texts.labelDescription}
        required
        value={label}
        onChange={(event) => setLabel(event.currentTarget.value)}
      />
      <RoleSelect label={texts.role} value={role} onChange={setRole} />
      <TextInput
        label={texts.expires}
        description={texts.expiresDescription}
        type="datetime-local"
        value={ends}
        onChange={(event) => setEnds(event.currentTarget.value)}
      />
    </ActDialog>
  );
}
