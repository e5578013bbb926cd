import { Text } from "@mantine/core";
import type { UserPage } from "@newday/sdk/admin";
import { Moment } from "../../components/moment.tsx";
import { SectionCard } from "../../components/section-card.tsx";
import { StateBadge } from "../../components/state-badge.tsx";
import { UserLink } from "../../components/user-link.tsx";
import { useTexts } from "../../language/language-provider.tsx";
import { USER_TEXTS } from "./user-texts.ts";

/** Where the user is logged in. */
export function SessionsCard({ sessions }: Pick<UserPage, "sessions">) {
  const texts = useTexts(USER_TEXTS);
  return (
    <SectionCard title={texts.sessions} empty={sessions.length === 0 && texts.noSessions}>
      {sessions.map(({ id, platform, through, verified, createdAt, expiresAt }) => (
        <div key={id}>
          {platform}{" "}
          <StateBadge tone={verified ? "good" : "neutral"}>
            {verified ? texts.verified : texts.unverified}
          </StateBadge>{" "}
          {through && <UserLink userId={through} />}
          <Text size="sm" c="dimmed">
            <Moment at={createdAt} /> {texts.until} <Moment at={expiresAt} />
          </Text>
        </div>
      ))}
    </SectionCard>
  );
}
