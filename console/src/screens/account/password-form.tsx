import { Button, PasswordInput, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { callAdmin } from "../../api/admin-client.ts";
import { ProblemAlert } from "../../components/problem-alert.tsx";
import { useTexts } from "../../language/language-provider.tsx";
import { fillText } from "../../language/messages.ts";
import { ACCOUNT_TEXTS } from "./account-texts.ts";

/** `login` is there for password managers. */
export function PasswordForm({ login }: { login: string }) {
  const texts = useTexts(ACCOUNT_TEXTS);
  const [password, setPassword] = useState("");
  const [newPassword, setNewPassword] = useState("");
  const change = useMutation({
    mutationFn: () => callAdmin("postOwnPassword", { body: { password, newPassword } }),
    onSuccess() {
      setPassword("");
      setNewPassword("");
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <input type="hidden" name="username" autoComplete="username" value={login} readOnly />
        <PasswordInput
          label={texts.currentPassword}
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <PasswordInput
          label={texts.newPassword}
          description={texts.passwordDescription}
          autoComplete="new-password"
          required
          value={newPassword}
          onChange={(event) => setNewPassword(event.currentTarget.value)}
        />
        <ProblemAlert error={change.error} />
        {change.data && <Text role="status">{fillText(texts.passwordChanged, change.data)}</Text>}
        <Button type="submit" loading={change.isPending}>
          {texts.changePassword}
        </Button>
      </Stack>
    </form>
  );
}
