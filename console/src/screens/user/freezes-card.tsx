import { Text } from "@mantine/core";
import type { UserFreezes } from "@newday/sdk/admin";
import { Moment } from "../../components/moment.tsx";
import { SectionCard } from "../../components/section-card.tsx";
import { StateBadge } from "../../components/state-badge.tsx";
import { useTexts } from "../../language/language-provider.tsx";
import { USER_TEXTS } from "./user-texts.ts";

const SIDES = ["operator", "platform", "audit"] as const;

/** Who froze the user and why; each side lifts its own. */
export function FreezesCard({ freezes }: { freezes: UserFreezes }) {
  const texts = useTexts(USER_TEXTS);
  const set = SIDES.flatMap((side) => {
    const freeze = freezes[side];
    return freeze === null ? [] : [{ side, freeze }];
  });
  return (
    <SectionCard title={texts.freezes} empty={set.length === 0 && texts.noFreezes}>
      {set.map(({ side, freeze }) => (
        <div key={side}>
          <StateBadge tone="bad">{texts[`${side}Side`]}</StateBadge>
          <Text size="sm" className="breaking">
            {freeze.reason}
          </Text>
          <Text size="sm" c="dimmed">
            <Moment at={freeze.since} />
            {freeze.until && (
              <>
                {" "}
                {texts.until} <Moment at={freeze.until} />
              </>
            )}
          </Text>
          {side === "audit" && <Text size="sm">{texts.auditMeans}</Text>}
        </div>
      ))}
    </SectionCard>
  );
}
