import { Anchor } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { Page } from "../components/page.tsx";
import { useTexts } from "../language/language-provider.tsx";
import { SHELL_TEXTS } from "../frame/shell-texts.ts";

export function NotFoundScreen() {
  const texts = useTexts(SHELL_TEXTS);
  return (
    <main className="alone">
      <Page title={texts.notFound}>
        <Anchor component={Link} to="/">
          {texts.toOverview}
        </Anchor>
      </Page>
    </main>
  );
}
