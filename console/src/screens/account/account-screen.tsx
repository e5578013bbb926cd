import { Card, SimpleGrid, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { OperatorSession } from "@newday/sdk/admin";
import { sessionQuery } from "../../api/session.ts";
import { Facts } from "../../components/facts.tsx";
import { Loaded } from "../../components/loaded.tsx";
import { Moment } from "../../components/moment.tsx";
import { Page } from "../../components/page.tsx";
import { ROLE_TEXTS } from "../../components/role-texts.ts";
import { StateBadge } from "../../components/state-badge.tsx";
import { useTexts } from "../../language/language-provider.tsx";
import { ACCOUNT_TEXTS } from "./account-texts.ts";
import { PasswordForm } from "./password-form.tsx";
import { SecondFactorForm } from "./second-factor-form.tsx";

/** The signed-in operator's own session, password and second factor. */
export function AccountScreen() {
  const texts = useTexts(ACCOUNT_TEXTS);
  const query = useQuery(sessionQuery());
  return (
    <Page title={texts.title} intro={texts.intro}>
      <Loaded query={query}>
        {(session) =>
          session && (
            <SimpleGrid cols={{ base: 1, md: 2 }}>
              <Section title={texts.session}>
                <SessionFacts session={session} />
              </Section>
              <Section title={texts.factor}>
                <StateBadge tone={session.hasSecondFactor ? "good" : "due"}>
                  {session.hasSecondFactor ? texts.factorOn : texts.factorOff}
                </StateBadge>
                <Text c="dimmed" size="sm">
                  {texts.factorWhat}
                </Text>
                <SecondFactorForm isSet={session.hasSecondFactor} login={session.login} />
              </Section>
              <Section title={texts.password}>
                <PasswordForm login={session.login} />
              </Section>
            </SimpleGrid>
          )
        }
      </Loaded>
    </Page>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Card withBorder component="section" className="section">
      <Title order={2} size="h4">
        {title}
      </Title>
      {children}
    </Card>
  );
}

function SessionFacts({ session }: { session: OperatorSession }) {
  const texts = useTexts(ACCOUNT_TEXTS);
  const roles = useTexts(ROLE_TEXTS);
  return (
    <>
      <Facts
        of={[
          [texts.login, session.login],
          [texts.name, session.displayName],
          [texts.role, roles[session.role]],
          [texts.expires, <Moment key="end" at={session.expiresAt} />],
        ]}
      />
      <Text c="dimmed" size="sm">
        {texts.idle}
      </Text>
    </>
  );
}
