import { TextInput } from "@mantine/core";
import { useState } from "react";
import type { Scope } from "@newday/sdk/admin";
import { callAdmin } from "../../api/admin-client.ts";
import { useTexts } from "../../language/language-provider.tsx";
import { PLATFORMS_TEXTS } from "./platforms-texts.ts";
import { SettingDialog } from "./setting-dialog.tsx";

interface MakePlatformKeyDialogProps {
  readonly name: string;
  readonly onClose: () => void;
}

/** A key of a platform's backend; the server names a scope that it does not know. */
export function MakePlatformKeyDialog({ name, onClose }: MakePlatformKeyDialogProps) {
  const texts = useTexts(PLATFORMS_TEXTS);
  const [label, setLabel] = useState("");
  const [scopes, setScopes] = useState("");
  return (
    <SettingDialog
      title={`${texts.makeKey}: ${name}`}
      intro={texts.keysIntro}
      change={({ reason, ...call }) =>
        callAdmin("postPlatformKey", {
          ...call,
          body: {
            platform: name,
            label: label === "" ? undefined : label,
            scopes: scopes.split(/[\s,]+/).filter((scope) => scope !== "") as Scope[],
            role: undefined,
            reason,
          },
        })
      }
      onClose={onClose}
    >
      <TextInput
        label={texts.label}
        value={label}
        onChange={(event) => setLabel(event.currentTarget.value)}
      />
      <TextInput
        label={texts.scopes}
        description={texts.scopesRule}
        required
        value={scopes}
        onChange={(event) => setScopes(event.currentTarget.value)}
      />
    </SettingDialog>
  );
}
