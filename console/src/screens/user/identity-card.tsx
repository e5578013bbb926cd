import { Code } from "@mantine/core";
import type { UserPage } from "@newday/sdk/admin";
import { Facts } from "../../components/facts.tsx";
import { Moment } from "../../components/moment.tsx";
import { SectionCard } from "../../components/section-card.tsx";
import { useTexts } from "../../language/language-provider.tsx";
import { USER_TEXTS } from "./user-texts.ts";

/** Who the user is, and where they come from. */
export function IdentityCard({ page: { user, verifiedBy, wallet } }: { page: UserPage }) {
  const texts = useTexts(USER_TEXTS);
  const { userId, externalId, displayName, platform, verifiedAt, createdAt } = user;
  return (
    <SectionCard title={texts.identity}>
      <Facts
        of={[
          [texts.userId, <Code key="user">{userId}</Code>],
          [texts.externalId, externalId === null ? texts.neverLoggedIn : externalId],
          [texts.name, displayName ?? "–"],
          [texts.platform, platform],
          [texts.verifiedAt, verifiedAt ? <Moment at={verifiedAt} /> : texts.unverified],
          ...(verifiedBy ? [[texts.verifiedBy, verifiedBy] as const] : []),
          [texts.since, <Moment key="since" at={createdAt} />],
          [texts.wallet, wallet ? <Moment at={wallet.openedAt} /> : texts.noWallet],
        ]}
      />
    </SectionCard>
  );
}
