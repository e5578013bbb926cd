import { Group, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import type { UserPage } from "@newday/sdk/admin";
import { AnchorLink } from "../../components/anchor-link.tsx";
import { UserActs } from "../../acts/act-dialogs.tsx";
import { adminQuery } from "../../api/queries.ts";
import { Loaded } from "../../components/loaded.tsx";
import { Page } from "../../components/page.tsx";
import { StateBadge } from "../../components/state-badge.tsx";
import { useTexts } from "../../language/language-provider.tsx";
import { BalancesCard } from "./balances-card.tsx";
import { ConfiscationsCard } from "./confiscations-card.tsx";
import { FreezesCard } from "./freezes-card.tsx";
import { IdentityCard } from "./identity-card.tsx";
import { ItemsCard, ListingsCard } from "./items-card.tsx";
import { LimitsCard } from "./limits-card.tsx";
import { LinksCard } from "./links-card.tsx";
import { SessionsCard } from "./sessions-card.tsx";
import { ThingsCard } from "./things-card.tsx";
import { Timeline } from "./timeline.tsx";
import { UserButtons } from "./user-buttons.tsx";
import { USER_TEXTS } from "./user-texts.ts";

/** `GET /api/admin/users/{userId}`: everything about a user, and every act on them. */
export function UserScreen() {
  const texts = useTexts(USER_TEXTS);
  const { userId } = useParams({ from: "/signed-in/console/users/$userId" });
  const query = useQuery(adminQuery("getUserPage", { params: { userId } }));
  return (
    <Page
      title={query.data?.user.displayName ?? userId}
      intro={
        <>
          <AnchorLink to="/console/users" inherit>
            {texts.users}
          </AnchorLink>{" "}
          / <span className="breaking">{userId}</span>
        </>
      }
    >
      <Loaded query={query}>{(page) => <UserView page={page} />}</Loaded>
    </Page>
  );
}

function UserView({ page }: { page: UserPage }) {
  const { userId } = page.user;
  return (
    <>
      <Marks page={page} />
      <UserButtons page={page} />
      <div className="user-layout">
        <div className="cards">
          <BalancesCard page={page} />
          <ConfiscationsCard userId={userId} />
          <ItemsCard userId={userId} />
          <ListingsCard userId={userId} />
          <Timeline key={userId} userId={userId} />
        </div>
        <div className="cards">
          <IdentityCard page={page} />
          <ThingsCard counts={page.counts} />
          <FreezesCard freezes={page.freezes} />
          <LimitsCard limits={page.limits} />
          <SessionsCard sessions={page.sessions} />
          <LinksCard links={page.links} />
        </div>
      </div>
      <UserActs userId={userId} accounts={page.accounts} />
    </>
  );
}

/** Is the user who they say, and may they act. */
function Marks({ page: { user, flags, freezes } }: { page: UserPage }) {
  const texts = useTexts(USER_TEXTS);
  const isFrozen = [freezes.platform, freezes.operator, freezes.audit].some((one) => one !== null);
  return (
    <Group gap="xs">
      <Text size="sm">{user.platform}</Text>
      <StateBadge tone={user.verifiedAt ? "good" : "neutral"}>
        {user.verifiedAt ? texts.verified : texts.unverified}
      </StateBadge>
      {isFrozen && <StateBadge tone="bad">{texts.frozen}</StateBadge>}
      {flags.erased && <StateBadge tone="bad">{texts.erased}</StateBadge>}
      {flags.testUser && <StateBadge tone="due">{texts.testUser}</StateBadge>}
      {flags.player && <StateBadge tone="neutral">{texts.player}</StateBadge>}
    </Group>
  );
}
