import { Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { callAdmin } from "../../api/admin-client.ts";
import { ProblemAlert } from "../../components/problem-alert.tsx";
import { useTexts } from "../../language/language-provider.tsx";
import { ACCOUNT_TEXTS } from "./account-texts.ts";
import { ConfirmFactor } from "./confirm-factor.tsx";

interface SecondFactorFormProps {
  readonly isSet: boolean;
  readonly login: string;
}

/** The password (and the present factor) first; then the new secret as a QR code, and its first code. */
export function SecondFactorForm({ isSet, login }: SecondFactorFormProps) {
  const texts = useTexts(ACCOUNT_TEXTS);
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const start = useMutation({
    mutationFn: () =>
      callAdmin("postSecondFactor", { body: { password, ...(isSet ? { code } : {}) } }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    start.mutate();
  };
  if (start.data) return <ConfirmFactor {...start.data} />;
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
        {isSet && (
          <TextInput
            label={texts.currentCode}
            inputMode="numeric"
            autoComplete="one-time-code"
            maxLength={6}
            required
            value={code}
            onChange={(event) => setCode(event.currentTarget.value)}
          />
        )}
        <ProblemAlert error={start.error} />
        <Button type="submit" loading={start.isPending}>
          {isSet ? texts.replace : texts.start}
        </Button>
      </Stack>
    </form>
  );
}
