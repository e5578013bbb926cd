import { Anchor, Button, Checkbox, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState, type ChangeEvent, type FormEvent } from "react";
import { callAdmin } from "../../api/admin-client.ts";
import { ProblemAlert } from "../../components/problem-alert.tsx";
import { useTexts } from "../../language/language-provider.tsx";
import { fillText } from "../../language/messages.ts";
import { Alone } from "../../frame/alone.tsx";
import { SIGN_IN_TEXTS } from "./sign-in-texts.ts";

const EMPTY = { code: "", login: "", displayName: "", password: "", again: "" };

/** Sets the password that a one-time code stands for: of the first owner, an invitation, or a lost password. */
export function SetUpScreen() {
  const texts = useTexts(SIGN_IN_TEXTS);
  const [values, setValues] = useState(EMPTY);
  const [isFirst, setFirst] = useState(false);
  const { code, login, displayName, password, again } = values;
  const setUp = useMutation({
    mutationFn: () =>
      callAdmin("postSetUp", {
        body: { code: code.trim(), password, ...(isFirst ? { login, displayName } : {}) },
      }),
  });
  const field = (name: keyof typeof EMPTY) => ({
    required: true,
    value: values[name],
    onChange: (event: ChangeEvent<HTMLInputElement>) => {
      const { value } = event.currentTarget;
      setValues((before) => ({ ...before, [name]: value }));
    },
  });
  const isDifferent = again !== "" && again !== password;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (again === password) setUp.mutate();
  };
  if (setUp.data)
    return (
      <Alone title={texts.setUpTitle} intro="">
        <Text role="status">{fillText(texts.passwordSet, setUp.data)}</Text>
        <Anchor component={Link} to="/console/sign-in">
          {texts.toSignIn}
        </Anchor>
      </Alone>
    );
  return (
    <Alone title={texts.setUpTitle} intro={texts.setUpIntro}>
      <form onSubmit={submit}>
        <Stack>
          <TextInput label={texts.oneTimeCode} autoComplete="off" {...field("code")} />
          <Checkbox
            label={texts.isFirst}
            checked={isFirst}
            onChange={(event) => setFirst(event.currentTarget.checked)}
          />
          {isFirst && <FirstOwnerFields field={field} />}
          <PasswordInput
            label={texts.newPassword}
            description={texts.passwordDescription}
            autoComplete="new-password"
            {...field("password")}
          />
          <PasswordInput
            label={texts.again}
            autoComplete="new-password"
            error={isDifferent ? texts.different : undefined}
            {...field("again")}
          />
          <ProblemAlert error={setUp.error} />
          <Button type="submit" loading={setUp.isPending}>
            {texts.setPassword}
          </Button>
          <Anchor component={Link} to="/console/sign-in" size="sm">
            {texts.toSignIn}
          </Anchor>
        </Stack>
      </form>
    </Alone>
  );
}

interface FirstOwnerFieldsProps {
  readonly field: (name: "login" | "displayName") => object;
}

function FirstOwnerFields({ field }: FirstOwnerFieldsProps) {
  const texts = useTexts(SIGN_IN_TEXTS);
  return (
    <>
      <TextInput
        label={texts.login}
        description={texts.loginDescription}
        autoComplete="username"
        {...field("login")}
      />
      <TextInput label={texts.displayName} autoComplete="name" {...field("displayName")} />
    </>
  );
}
