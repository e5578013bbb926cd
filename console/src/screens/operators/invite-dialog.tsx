import { TextInput } from "@mantine/core";
import { useState } from "react";
import { callAdmin } from "../../api/admin-client.ts";
import type { Role } from "@newday/sdk/admin";
import { ActDialog } from "../../components/act-dialog.tsx";
import { ChangeView } from "../../components/change-view.tsx";
import { SecretOnce } from "../../components/secret-once.tsx";
import { useTexts } from "../../language/language-provider.tsx";
import { OPERATORS_TEXTS } from "./operators-texts.ts";
import { RoleSelect } from "./role-select.tsx";

export function InviteDialog({ onClose }: { onClose: () => void }) {
  const texts = useTexts(OPERATORS_TEXTS);
  const [login, setLogin] = useState("");
  const [displayName, setDisplayName] = useState("");
  const [role, setRole] = useState<Role>("viewer");
  return (
    <ActDialog
      title={texts.inviteTitle}
      intro={texts.inviteIntro}
      act={(dryRun) => callAdmin("postOperator", { body: { login, displayName, role }, dryRun })}
      showPreview={({ before, after }) => <ChangeView before={before} after={after} />}
      showResult={({ secret }) => secret && <SecretOnce secret={secret} />}
      onClose={onClose}
    >
      <TextInput
        label={texts.login}
        required
        autoComplete="off"
        value={login}
        onChange={(event) => setLogin(event.currentTarget.value)}
      />
      <TextInput
        label={texts.name}
        required
        autoComplete="off"
        value={displayName}
        onChange={(event) => setDisplayName(event.currentTarget.value)}
      />
      <RoleSelect label={texts.role} value={role} onChange={setRole} />
    </ActDialog>
  );
}
