import { Anchor, Button, Code, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { callAdmin } from "../../api/admin-client.ts";
import { SESSION_KEY } from "../../api/queries.ts";
import { ProblemAlert } from "../../components/problem-alert.tsx";
import { useTexts } from "../../language/language-provider.tsx";
import { ACCOUNT_TEXTS } from "./account-texts.ts";
import { QrCode } from "./qr-code.tsx";

/** The secret counts from its first code on; every session ends then, this one too. */
export function ConfirmFactor({ secret, uri }: { secret: string; uri: string }) {
  const texts = useTexts(ACCOUNT_TEXTS);
  const client = useQueryClient();
  const [code, setCode] = useState("");
  const confirm = useMutation({
    mutationFn: () => callAdmin("postSecondFactorConfirmation", { body: { code } }),
    onSuccess() {
      client.setQueryData(SESSION_KEY, null);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    confirm.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Text>{texts.scan}</Text>
        <QrCode text={uri} label={texts.qrCode} />
        <Text size="sm">
          {texts.byHand} <Code className="breaking">{secret}</Code>
        </Text>
        <Anchor href={uri} size="sm">
          {texts.openApp}
        </Anchor>
        <TextInput
          label={texts.firstCode}
          description={texts.signInAgain}
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={6}
          required
          autoFocus
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        <ProblemAlert error={confirm.error} />
        <Button type="submit" loading={confirm.isPending}>
          {texts.confirm}
        </Button>
      </Stack>
    </form>
  );
}
