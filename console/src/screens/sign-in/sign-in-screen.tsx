import { Anchor, Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useRouter, useSearch } from "@tanstack/react-router";
import { useState, type FormEvent } from "react";
import { callAdmin } from "../../api/admin-client.ts";
import { hasCode } from "../../api/api-error.ts";
import { SESSION_KEY } from "../../api/queries.ts";
import { ProblemAlert } from "../../components/problem-alert.tsx";
import { useTexts } from "../../language/language-provider.tsx";
import { Alone } from "../../frame/alone.tsx";
import { SIGN_IN_TEXTS } from "./sign-in-texts.ts";

/** Password first; the code of the second factor when the account has one. Leads back to where one came from. */
export function SignInScreen() {
  const texts = useTexts(SIGN_IN_TEXTS);
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const [isCodeAsked, setCodeAsked] = useState(false);
  const enter = useEnter();
  const signIn = useMutation({
    mutationFn: () =>
      callAdmin("postOperatorSession", {
        body: { login, password, ...(code === "" ? {} : { code }) },
      }),
    onSuccess: enter,
    onError: (error) => {
      if (hasCode(error, "second_factor_required")) setCodeAsked(true);
      setCode("");
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate();
  };
  const isOnlyCodeMissing = hasCode(signIn.error, "second_factor_required");
  return (
    <Alone title={texts.title} intro={texts.intro}>
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label={texts.login}
            autoComplete="username"
            autoCapitalize="none"
            required
            value={login}
            onChange={(event) => setLogin(event.currentTarget.value)}
          />
          <PasswordInput
            label={texts.password}
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          {isCodeAsked && (
            <TextInput
              label={texts.code}
              description={texts.codeDescription}
              autoComplete="one-time-code"
              inputMode="numeric"
              maxLength={6}
              required
              autoFocus
              value={code}
              onChange={(event) => setCode(event.currentTarget.value)}
            />
          )}
          {!isOnlyCodeMissing && <ProblemAlert error={signIn.error} />}
          <Button type="submit" loading={signIn.isPending}>
            {texts.signIn}
          </Button>
          <Anchor component={Link} to="/console/set-up" size="sm">
            {texts.haveCode}
          </Anchor>
        </Stack>
      </form>
    </Alone>
  );
}

/** Opens the screen that asked for the sign-in; addresses of other servers are no screens. */
function useEnter() {
  const client = useQueryClient();
  const router = useRouter();
  const { to } = useSearch({ from: "/console/sign-in" });
  return async (session: object) => {
    client.clear();
    client.setQueryData(SESSION_KEY, session);
    const isOwnAddress = to !== undefined && /^\/(?![/\\])/.test(to);
    await router.navigate({ href: isOwnAddress ? to : "/", replace: true });
  };
}
