import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import type { Platform } from "@newday/sdk/admin";
import { adminQuery } from "../../api/queries.ts";
import { useAddressChange } from "../../components/address.ts";
import { Amount } from "../../components/amount.tsx";
import { Facts } from "../../components/facts.tsx";
import { Loaded } from "../../components/loaded.tsx";
import { Moment } from "../../components/moment.tsx";
import { Page } from "../../components/page.tsx";
import { SectionCard } from "../../components/section-card.tsx";
import { useTexts } from "../../language/language-provider.tsx";
import { fillText } from "../../language/messages.ts";
import { BudgetsCard } from "./budgets-card.tsx";
import { PlatformDialogs } from "./platform-dialogs.tsx";
import { PlatformKeysCard } from "./platform-keys-card.tsx";
import { PLATFORMS_TEXTS } from "./platforms-texts.ts";
import { PlatformStatus } from "./platform-status.tsx";

/** `GET /api/admin/platforms/{name}` with its keys and budgets. */
export function PlatformScreen() {
  const { name } = useParams({ from: "/signed-in/console/platforms/$name" });
  const query = useQuery(adminQuery("getPlatform", { params: { name } }));
  return (
    <Page title={name} actions={query.data && <PlatformButtons platform={query.data} />}>
      <Loaded query={query}>
        {(platform) => (
          <>
            <IdentityCard platform={platform} />
            <SecretsCard platform={platform} />
            <PlatformKeysCard platform={name} />
            <BudgetsCard platform={name} />
          </>
        )}
      </Loaded>
      <PlatformDialogs name={name} />
    </Page>
  );
}

function PlatformButtons({ platform: { status } }: { platform: Platform }) {
  const texts = useTexts(PLATFORMS_TEXTS);
  const change = useAddressChange();
  const turn = status === "active" ? "suspend" : "resume";
  return (
    <>
      <Button variant="default" onClick={() => change({ act: "end-sessions" })}>
        {texts.endSessions}
      </Button>
      <Button variant="default" onClick={() => change({ act: turn })}>
        {texts[turn]}
      </Button>
    </>
  );
}

function IdentityCard({ platform }: { platform: Platform }) {
  const texts = useTexts(PLATFORMS_TEXTS);
  const { name, login, origins, jwks, jwksUrl, suspendedReason, compatibilityCap } = platform;
  const budget = platform.starterBudgetPerDay;
  return (
    <SectionCard title={texts.platform} actions={<PlatformStatus of={platform} />}>
      <Facts
        of={[
          ...(suspendedReason ? [[texts.suspendedWhy, suspendedReason] as const] : []),
          [texts.login, texts[login]],
          [texts.ids, platform.bareIds ? texts.bareIds : fillText(texts.prefixedIds, { name })],
          [texts.origins, origins.join(", ") || texts.anyOrigin],
          ...(jwksUrl ? [[texts.jwksUrl, jwksUrl] as const] : []),
          ...(jwks ? [[texts.jwks, jwks.join(", ")] as const] : []),
          [
            texts.starterGrant,
            <Amount key="grant" of={platform.starterGrant} currency="game_coins" />,
          ],
          [
            texts.starterBudget,
            budget === "unlimited" ? (
              texts.unlimited
            ) : (
              <Amount key="budget" of={budget} currency="game_coins" />
            ),
          ],
          ...(compatibilityCap ? [[texts.compatibilityCap, compatibilityCap] as const] : []),
          [texts.since, <Moment key="since" at={platform.createdAt} />],
        ]}
      />
    </SectionCard>
  );
}

function SecretsCard({ platform: { secrets, login } }: { platform: Platform }) {
  const texts = useTexts(PLATFORMS_TEXTS);
  const change = useAddressChange();
  return (
    <SectionCard
      title={texts.secrets}
      empty={secrets.length === 0 && texts.noSecrets}
      actions={
        login !== "jwks" && (
          <Button size="compact-sm" variant="default" onClick={() => change({ act: "rotate" })}>
            {texts.rotate}
          </Button>
        )
      }
    >
      <Facts of={[[texts.secretsIntro, ""], ...secrets.map((mark) => ["", mark] as const)]} />
    </SectionCard>
  );
}
