import { NativeSelect, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import type { LoginPolicy } from "@newday/sdk/admin";
import { callAdmin } from "../../api/admin-client.ts";
import { useTexts } from "../../language/language-provider.tsx";
import { PLATFORMS_TEXTS } from "./platforms-texts.ts";
import { SettingDialog } from "./setting-dialog.tsx";

/** The policies that a new platform begins with; the compatibility login is a command's. */
const POLICIES = ["hmac", "jwks"] as const satisfies readonly LoginPolicy[];

export function AddPlatformDialog({ onClose }: { onClose: () => void }) {
  const texts = useTexts(PLATFORMS_TEXTS);
  const [name, setName] = useState("");
  const [login, setLogin] = useState<(typeof POLICIES)[number]>("hmac");
  const [origins, setOrigins] = useState("");
  const [jwksUrl, setJwksUrl] = useState("");
  return (
    <SettingDialog
      title={texts.add}
      intro={texts.addIntro}
      change={({ reason, ...call }) =>
        callAdmin("postPlatform", {
          ...call,
          body: {
            name,
            login,
            origins: linesOf(origins),
            jwksUrl: login === "jwks" ? jwksUrl : undefined,
            reason,
          },
        })
      }
      onClose={onClose}
    >
      <TextInput
        label={texts.name}
        description={texts.nameRule}
        required
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <NativeSelect
        label={texts.login}
        value={login}
        onChange={(event) => setLogin(event.currentTarget.value === "jwks" ? "jwks" : "hmac")}
        data={POLICIES.map((value) => ({ value, label: texts[value] }))}
      />
      {login === "jwks" && (
        <TextInput
          label={texts.jwksUrl}
          type="url"
          required
          value={jwksUrl}
          onChange={(event) => setJwksUrl(event.currentTarget.value)}
        />
      )}
      <Textarea
        label={texts.origins}
        description={texts.originsRule}
        autosize
        minRows={2}
        value={origins}
        onChange={(event) => setOrigins(event.currentTarget.value)}
      />
    </SettingDialog>
  );
}

function linesOf(text: string): string[] {
  return text
    .split(/\s+/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
